import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { SallyportError } from '../../proxy/contract/index.js';
import { CREDENTIAL_HEADERS, extractCredential } from '../../proxy/identity/index.js';

const code = (headers: string[]) => {
  try {
    return extractCredential(headers);
  } catch (error) {
    return (error as SallyportError).code;
  }
};

test('every spelling of every client gives the one credential', () => {
  for (const headers of [
    ['Authorization', 'Bearer sp_x'],
    ['authorization', 'bearer sp_x'],
    ['AUTHORIZATION', 'BEARER   sp_x  '],
    ['x-api-key', 'sp_x'],
    ['X-Api-Key', ' sp_x'],
    ['api-key', 'sp_x'],
    ['x-goog-api-key', 'sp_x'],
    ['Host', 'a', 'x-api-key', 'sp_x', 'Content-Type', 'application/json'],
    ['x-api-key', '', 'authorization', 'Bearer sp_x'],
    ['authorization', 'Bearer ', 'x-api-key', 'sp_x'],
    ['authorization', 'Bearer sp_x', 'x-api-key', 'sp_x'],
  ]) {
    assert.equal(code(headers), 'sp_x', headers.join(' '));
  }
});

test('none, empty and look-alike headers are no credential', () => {
  for (const headers of [
    [],
    ['authorization', ''],
    ['x-api-key', '  '],
    ['x-api-keys', 'sp_x'],
    ['authorizatioN-', 'Bearer sp_x'],
    ['cookie', 'sp_x'],
  ]) {
    assert.equal(code(headers), 'no_credential', headers.join(' '));
  }
});

test('two credentials, or one header twice, are refused; also when one of them would be ignored elsewhere', () => {
  for (const headers of [
    ['authorization', 'Bearer sp_x', 'x-api-key', 'sp_y'],
    ['authorization', 'Bearer sp_x', 'Authorization', 'Bearer sp_y'],
    ['authorization', 'Bearer sp_x', 'Authorization', 'Bearer sp_x'],
    ['authorization', '', 'Authorization', 'Bearer sp_x'],
    ['x-api-key', 'sp_x', 'X-API-KEY', 'sp_x'],
    ['authorization', 'Basic dTpw', 'x-api-key', 'sp_x'],
    ['proxy-authorization', 'Bearer other', 'x-api-key', 'sp_x'],
  ]) {
    assert.equal(code(headers), 'conflicting_credentials', headers.join(' '));
  }
});

test('a credential is never part of the message', () => {
  for (const headers of [
    ['authorization', 'Bearer sp_SECRET1', 'x-api-key', 'sp_SECRET2'],
    ['x-api-key', 'SECRET'.repeat(5000)],
  ]) {
    assert.throws(
      () => extractCredential(headers),
      (error: Error) => !error.message.includes('SECRET'),
    );
  }
});

test('whatever the headers: two different values are never resolved in favour of one', () => {
  const header = fc.tuple(
    fc.constantFrom('x-api-key', 'Api-Key', 'X-GOOG-API-KEY', 'authorization', 'accept'),
    fc.constantFrom('one', 'two'),
  );
  fc.assert(
    fc.property(fc.array(header, { maxLength: 6 }), (headers) => {
      const credentials = headers.filter(([name]) => CREDENTIAL_HEADERS.includes(name.toLowerCase() as 'api-key'));
      const names = credentials.map(([name]) => name.toLowerCase());
      const got = code(headers.flat());
      if (credentials.length === 0) assert.equal(got, 'no_credential');
      else if (new Set(names).size < names.length || new Set(credentials.map(([, value]) => value)).size > 1)
        assert.equal(got, 'conflicting_credentials');
      else assert.equal(got, credentials[0]![1]);
    }),
  );
});
