import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importEntities, importHoopGuardrails } from '../../proxy/policy/index.js';
import { readPolicy } from '../../proxy/policy/read.js';
import { finding, part, policyOf, toolCall } from './subjects.js';

test('hoop guardrails: deny words and patterns block, as they do there', () => {
  const report = importHoopGuardrails(
    JSON.stringify([
      {
        id: 'x',
        name: 'No Prod',
        description: '',
        input: {
          rules: [
            { type: 'deny_words_list', words: ['DROP', 'a.b'], message: 'Not here' },
            { type: 'pattern_match', pattern_regex: 'secret-[0-9]+' },
          ],
        },
        output: { rules: [{ type: 'pattern_match', words: [], pattern_regex: 'internal only' }] },
        connection_ids: ['c1'],
      },
      {
        name: 'odd',
        input: { rules: [{ type: 'pii' }, { type: 'pattern_match', pattern_regex: '(?=x)' }, { type: 'deny_words_list', words: [] }] },
      },
      { name: 'empty' },
    ]),
  );
  assert.deepEqual(readPolicy(report.source).problems, []);
  const p = policyOf(report.source);
  const act = (text: string, direction: 'request' | 'response' = 'request') => p.judge(part({ text, direction })).verdict;
  assert.deepEqual([act('please DROP it').action, act('please DROP it').sentence], ['block', 'Not here']);
  assert.equal(act('xDROPx').action, 'block', 'found anywhere, as strings.Contains does');
  assert.equal(act('drop').action, 'allow', 'case told apart');
  assert.equal(act('a.b').action, 'block');
  assert.equal(act('aXb').action, 'allow');
  assert.equal(act('secret-12').action, 'block');
  assert.equal(act('internal only').action, 'allow');
  assert.equal(act('internal only', 'response').action, 'block');
  assert.equal(p.judge(toolCall(undefined, 'x', {}, '{"a":"internal only"}')).verdict.action, 'block');
  assert.equal(report.mapped.length, 3);
  assert.deepEqual(
    report.notMapped.map((n) => n.what),
    ['No Prod connection_ids', 'odd input.rules[0]', 'odd input.rules[1]', 'odd input.rules[2]', 'empty'],
  );
});

const masks = (source: string, entity: string, confidence = 0.9) =>
  policyOf(source).judge(part({ findings: [finding(entity, 'custom', confidence)] })).verdict.action === 'mask';

test('a list of names', () => {
  const report = importEntities('["EMAIL_ADDRESS","US_SOCIAL_SECURITY_NUMBER","KLINGON_ID"]');
  assert.deepEqual(readPolicy(report.source).problems, []);
  assert.ok(masks(report.source, 'EMAIL_ADDRESS') && masks(report.source, 'US_SSN') && !masks(report.source, 'PERSON'));
  assert.deepEqual(report.notMapped, [{ what: 'input[2] KLINGON_ID', why: 'nothing of that name is looked for here' }]);
  assert.equal(importEntities('["KLINGON_ID"]', { aliases: { KLINGON_ID: 'PERSON' } }).mapped[0]!.to, 'PERSON');
});

test('the 16 default info types of hoop all map', () => {
  const defaults =
    'PHONE_NUMBER CREDIT_CARD_NUMBER CREDIT_CARD_TRACK_NUMBER EMAIL_ADDRESS IBAN_CODE HTTP_COOKIE IMEI_HARDWARE_ID IP_ADDRESS STORAGE_SIGNED_URL URL VEHICLE_IDENTIFICATION_NUMBER BRAZIL_CPF_NUMBER AMERICAN_BANKERS_CUSIP_ID FDA_CODE US_PASSPORT US_SOCIAL_SECURITY_NUMBER'.split(
      ' ',
    );
  assert.deepEqual(importEntities(JSON.stringify(defaults)).notMapped, []);
});

test('Presidio, Google DLP and hoop masking rules, with custom entities for the settings', () => {
  const presidio = importEntities(
    JSON.stringify({
      entities: ['CREDIT_CARD'],
      score_threshold: 0.6,
      ad_hoc_recognizers: [
        { supported_entity: 'Zip', patterns: [{ regex: '\\d{5}', score: 0.4 }], context: ['zip'] },
        { supported_entity: 'BAD', patterns: [{ regex: '(?<=x)y' }] },
      ],
    }),
  );
  assert.ok(masks(presidio.source, 'CREDIT_CARD', 0.6) && !masks(presidio.source, 'CREDIT_CARD', 0.5));
  assert.deepEqual(presidio.custom, [{ name: 'ZIP', confidence: 0.4, pattern: '\\d{5}', contextWords: ['zip'] }]);
  assert.equal(presidio.notMapped.length, 1);
  const dlp = importEntities(
    JSON.stringify({
      inspectConfig: {
        infoTypes: [{ name: 'PERSON_NAME' }],
        minLikelihood: 'LIKELY',
        customInfoTypes: [
          { infoType: { name: 'PROJECT' }, dictionary: { wordList: { words: ['bluebird'] } }, likelihood: 'VERY_LIKELY' },
          { infoType: { name: 'STORED' }, storedType: {} },
        ],
      },
    }),
  );
  assert.deepEqual(dlp.custom, [{ name: 'PROJECT', confidence: 0.9, words: ['bluebird'] }]);
  assert.ok(masks(dlp.source, 'PERSON', 0.7) && masks(dlp.source, 'PROJECT'));
  assert.equal(dlp.notMapped.length, 1);
  const hoop = importEntities(
    JSON.stringify([
      {
        name: 'r',
        supported_entity_types: [{ name: 'x', entity_types: ['IBAN_CODE'] }],
        custom_entity_types: [{ name: 'emp', regex: 'E-\\d+', deny_list: [], score: 0.7 }],
      },
    ]),
  );
  assert.deepEqual(hoop.custom, [{ name: 'EMP', confidence: 0.7, pattern: 'E-\\d+' }]);
  assert.ok(masks(hoop.source, 'IBAN_CODE'));
});

test('what is not recognised is said', () => {
  assert.equal(importEntities('{"what":"ever"}').notMapped[0]!.why, 'no list of entities was recognised in it');
  assert.throws(() => importHoopGuardrails('nope'), SyntaxError);
});
