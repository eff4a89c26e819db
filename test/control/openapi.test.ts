import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { ERROR_CODES } from '../../proxy/contract/index.js';
import { EventHub } from '../../proxy/control/events.js';
import { expressApp } from '../../proxy/control/express-app.js';
import { type ControlServices, controlRoutes, openApiDocument } from '../../proxy/control/index.js';
import { Jobs } from '../../proxy/control/jobs.js';
import { operationId } from '../../proxy/control/openapi.js';

const file = fileURLToPath(new URL('../../docs/openapi.json', import.meta.url));
const errors = fileURLToPath(new URL('../../docs/errors.md', import.meta.url));

describe('the OpenAPI document', () => {
  const document = openApiDocument(controlRoutes()) as {
    paths: Record<string, Record<string, { security: Record<string, unknown>[]; operationId: string }>>;
    components: { schemas: Record<string, unknown> };
  };
  const documented = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));

  it('is what docs/openapi.json says (UPDATE=1 writes it)', () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    if (process.env['UPDATE'] === '1') writeFileSync(file, text);
    assert.equal(readFileSync(file, 'utf8'), text, 'run UPDATE=1 node --import tsx --test test/control/openapi.test.ts');
  });

  it('names exactly the routes that express has', () => {
    const services = { subscribe: () => () => undefined } as unknown as ControlServices;
    const hub = new EventHub(() => () => undefined);
    const app = expressApp({ services, options: { version: 'test' }, hub, jobs: new Jobs(), consoleUrl: () => undefined });
    const stack = (app as unknown as { router: { stack: { route?: { path: string; methods: Record<string, boolean> } }[] } }).router.stack;
    const served = stack.flatMap(({ route }) =>
      route === undefined ? [] : Object.keys(route.methods).map((method) => `${method} ${route.path.replace(/:(\w+)/g, '{$1}')}`),
    );
    hub.close();
    assert.deepEqual([...served].sort(), [...documented].sort());
    assert.equal(new Set(served).size, served.length, 'no route stands twice');
    assert.ok(served.length > 60);
  });

  it('refers only to schemas that it has, and has none that nothing refers to', () => {
    const used = new Set([...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map((match) => match[1]));
    assert.deepEqual(
      [...used].filter((name) => !(name! in document.components.schemas)),
      [],
    );
    assert.deepEqual(
      Object.keys(document.components.schemas).filter((name) => !used.has(name)),
      [],
    );
  });

  it('has schemas that are schemas', () => {
    const ajv = new Ajv2020({ strict: false });
    for (const [name, schema] of Object.entries(document.components.schemas)) assert.ok(ajv.validateSchema(schema as object), name);
    for (const route of controlRoutes()) {
      for (const schema of [route.body, route.answer, ...Object.values(route.query ?? {})]) {
        if (schema !== undefined) assert.ok(ajv.validateSchema(schema), `${route.method} ${route.path}`);
      }
    }
  });

  it('has an operation id for each route, all different', () => {
    const ids = controlRoutes().map(operationId);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('asks a person for everything that changes, decides or reveals', () => {
    // Whoever is admitted may do these although they are no reading: they make things safer, prove the person, or change nothing.
    const free = new Set([
      'post /api/freeze',
      'post /api/console/open',
      'post /api/persons/passphrase',
      'post /api/persons/unlock',
      'post /api/persons/lock',
      'post /api/sign-in',
      'post /api/sign-in/wait',
      'post /api/sign-in/cancel',
      'post /api/connections/:name/test',
      'post /api/policy/validate',
      'post /api/policy/backtest',
      'post /api/verify',
      'post /api/export',
      'delete /api/jobs/:id',
    ]);
    const open = controlRoutes().filter((route) => route.method !== 'get' && route.access !== 'person');
    assert.deepEqual(new Set(open.map((route) => `${route.method} ${route.path}`)), free);
    for (const route of controlRoutes()) if (route.method === 'get') assert.equal(route.access, 'admitted', route.path);
  });
});

describe('docs/errors.md', () => {
  it('lists every code with its status, and no other', () => {
    const rows = [...readFileSync(errors, 'utf8').matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| ([^|]+) \| ([^|]+) \|$/gm)];
    const listed = Object.fromEntries(rows.map(([, name, status]) => [name, Number(status)]));
    assert.deepEqual(listed, Object.fromEntries(Object.entries(ERROR_CODES).map(([name, { status }]) => [name, status])));
    for (const [, name, , what, todo] of rows) {
      assert.equal(what!.trim(), ERROR_CODES[name as keyof typeof ERROR_CODES].title, name);
      assert.ok(todo!.trim().length > 20, `${name} says what to do`);
    }
  });
});
