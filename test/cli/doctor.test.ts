import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import fc from 'fast-check';
import { BYPASSES, switchesOff } from '../../proxy/cli/bypass.js';
import { keysIn, providerOf } from '../../proxy/cli/doctor/keys.js';
import { apply, changes, type Keep, plan, undo } from '../../proxy/cli/doctor/move.js';
import { places } from '../../proxy/cli/doctor/places.js';
import { waysAround } from '../../proxy/cli/doctor/ways-around.js';

const OPENAI = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789';
const ANTHROPIC = 'sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123';

function memory(): Keep & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    put: async (id, value) => void values.set(id, value),
    get: async (id) => values.get(id)!,
    drop: async (id) => void values.delete(id),
  };
}

describe('finding keys', () => {
  it('in .env files, shells of all kinds, quoted or not', () => {
    const text = [
      `OPENAI_API_KEY=${OPENAI}`,
      `export ANTHROPIC_API_KEY="${ANTHROPIC}" # mine`,
      `set -gx OPENAI_API_KEY '${OPENAI}'`,
      `$env:OPENAI_API_KEY = "${OPENAI}"`,
      `MY_THING=${OPENAI}`,
      'MISTRAL_API_KEY=0123456789abcdef0123456789abcdef',
      `# OPENAI_API_KEY=${OPENAI}`,
      'OPENAI_API_KEY=your-key-here',
      'OPENAI_API_KEY=$OTHER',
      'OPENAI_API_KEY=sp_abcdefghijklmnopqrstuvwxyz',
      'PATH=/usr/bin',
    ].join('\r\n');
    const found = keysIn('x', Buffer.from(text));
    assert.deepEqual(
      found.map((k) => [k.line, k.name, k.provider]),
      [
        [1, 'OPENAI_API_KEY', 'openai'],
        [2, 'ANTHROPIC_API_KEY', 'anthropic'],
        [3, 'OPENAI_API_KEY', 'openai'],
        [4, 'OPENAI_API_KEY', 'openai'],
        [5, 'MY_THING', 'openai'],
        [6, 'MISTRAL_API_KEY', 'mistral'],
      ],
    );
    for (const key of found) assert.ok(!key.hint.includes(key.value.slice(4, -2)) && key.hint.length < 10);
  });

  it('takes no placeholder for a key', () => {
    for (const value of ['<your key>', 'xxxxxxxxxxxxxxxxxxxx', 'changeme', '${OPENAI_API_KEY}', 'sk-...', 'sk-your-openai-key-goes-here'])
      assert.equal(providerOf('OPENAI_API_KEY', value), undefined, value);
  });
});

describe('moving a key and putting it back', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sp-doctor-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is exact for any file around it: bytes, mode and time', async () => {
    const keep = memory();
    const piece = fc.uint8Array({ maxLength: 60 }).map((b) => Buffer.from(b));
    await fc.assert(
      fc.asyncProperty(
        piece,
        piece,
        fc.constantFrom('\n', '\r\n', ''),
        fc.constantFrom(0o600, 0o644, 0o400),
        async (before, after, end, mode) => {
          const file = join(folder, 'some.env');
          rmSync(file, { force: true });
          const line = Buffer.from(`export OPENAI_API_KEY="${OPENAI}"   # note`);
          const original = Buffer.concat([before, Buffer.from('\n'), line, Buffer.from(end), ...(end === '' ? [] : [after])]);
          writeFileSync(file, original, { mode });
          chmodSync(file, mode);
          utimesSync(file, new Date(), new Date(1_700_000_000_000));
          const key = keysIn(file, original).find((k) => k.value === OPENAI)!;
          const step = plan(key, new Date());
          await apply(folder, step, keep);
          assert.ok(!readFileSync(file).includes(OPENAI), 'it is gone from the file');
          assert.equal(statSync(file).mode & 0o777, mode);
          assert.deepEqual(await undo(folder, step.change, keep), { exact: true });
          assert.deepEqual(readFileSync(file), original);
          assert.equal(statSync(file).mode & 0o777, mode);
          assert.equal(statSync(file).mtimeMs, 1_700_000_000_000);
          assert.equal(keep.values.size, 0);
          assert.deepEqual(changes(folder), []);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('keeps later edits, refuses when the comment is gone, and never leaves the key in its journal', async () => {
    const keep = memory();
    const file = join(folder, '.env');
    writeFileSync(file, `A=1\nOPENAI_API_KEY=${OPENAI}\n`);
    const [key] = keysIn(file, readFileSync(file));
    const step = plan(key!, new Date());
    await apply(folder, step, keep);
    assert.ok(!JSON.stringify(changes(folder)).includes(OPENAI));
    writeFileSync(file, `${readFileSync(file, 'utf8')}B=2\n`);
    assert.deepEqual(await undo(folder, changes(folder)[0]!, keep), { exact: false });
    assert.equal(readFileSync(file, 'utf8'), `A=1\nOPENAI_API_KEY=${OPENAI}\nB=2\n`);
    const again = plan(keysIn(file, readFileSync(file))[0]!, new Date());
    await apply(folder, again, keep);
    writeFileSync(file, 'A=1\n');
    await assert.rejects(undo(folder, again.change, keep), /exactly once/);
    assert.equal(keep.values.size, 1, 'the line is still kept');
  });

  it('leaves a file alone that changed meanwhile, or whose line cannot be kept', async () => {
    const file = join(folder, '.env');
    writeFileSync(file, `OPENAI_API_KEY=${OPENAI}\n`);
    const [key] = keysIn(file, readFileSync(file));
    const step = plan(key!, new Date());
    writeFileSync(file, `X=1\nOPENAI_API_KEY=${OPENAI}\n`);
    await assert.rejects(apply(folder, step, memory()), /changed meanwhile/);
    assert.throws(() => plan(key!, new Date()), /changed meanwhile/);
    const fresh = plan(keysIn(file, readFileSync(file))[0]!, new Date());
    const broken: Keep = { ...memory(), put: async () => Promise.reject(new Error('no keychain')) };
    await assert.rejects(apply(folder, fresh, broken), /no keychain/);
    assert.equal(readFileSync(file, 'utf8'), `X=1\nOPENAI_API_KEY=${OPENAI}\n`);
  });

  it('follows a symbolic link to the real file and keeps the link', async () => {
    const keep = memory();
    writeFileSync(join(folder, 'real'), `OPENAI_API_KEY=${OPENAI}\n`);
    symlinkSync(join(folder, 'real'), join(folder, '.env'));
    const [key] = keysIn(join(folder, '.env'), readFileSync(join(folder, '.env')));
    const step = plan(key!, new Date());
    await apply(folder, step, keep);
    assert.ok(!readFileSync(join(folder, 'real'), 'utf8').includes(OPENAI));
    await undo(folder, step.change, keep);
    assert.ok(readFileSync(join(folder, '.env'), 'utf8').includes(OPENAI));
  });
});

describe('ways around', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'sp-project-'));
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));
  const ids = (env: NodeJS.ProcessEnv, baseUrl?: string) => {
    const whole = { HOME: join(project, 'home'), ...env };
    return waysAround(project, whole, places(project, whole), baseUrl).map((way) => way.id);
  };

  it('are named by package, variable and file', () => {
    mkdirSync(join(project, 'home', '.codex'), { recursive: true });
    mkdirSync(join(project, 'node_modules', 'ollama'), { recursive: true });
    writeFileSync(join(project, 'node_modules', 'ollama', 'package.json'), '{}');
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ dependencies: { '@openai/agents': '*', '@langchain/google-genai': '*' } }),
    );
    writeFileSync(join(project, 'requirements.txt'), 'claude_agent_sdk>=0.1\n');
    writeFileSync(join(project, '.env'), 'LANGSMITH_TRACING=true\nOPENAI_BASE_URL=https://api.openai.com/v1\n');
    assert.deepEqual(
      new Set(ids({ LANGCHAIN_TRACING_V2: 'True' }, 'http://127.0.0.1:4141')),
      new Set([
        'openai-agents-tracing',
        'langsmith-tracing',
        'google-genai-langchain',
        'ollama-host',
        'claude-code-telemetry',
        'codex-analytics',
        'base-url',
      ]),
    );
  });

  it('are none in an empty project, nor where the switches are set', () => {
    assert.deepEqual(ids({}), []);
    writeFileSync(join(project, 'package.json'), JSON.stringify({ dependencies: { '@openai/agents': '*' } }));
    assert.deepEqual(ids({ OPENAI_AGENTS_DISABLE_TRACING: '1' }), []);
    assert.deepEqual(
      ids({ OPENAI_BASE_URL: 'http://127.0.0.1:4141/openai/v1', OPENAI_AGENTS_DISABLE_TRACING: '1' }, 'http://127.0.0.1:4141'),
      [],
    );
  });

  it('cover what is known, each with advice', () => {
    const known = [
      'OPENAI_AGENTS_DISABLE_TRACING',
      'LANGSMITH_TRACING',
      'LANGCHAIN_TRACING',
      'LANGSMITH_TRACING_V2',
      'LANGCHAIN_TRACING_V2',
    ];
    const off = switchesOff();
    for (const name of [
      ...known,
      'DISABLE_TELEMETRY',
      'DISABLE_ERROR_REPORTING',
      'DISABLE_AUTOUPDATER',
      'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC',
      'OPENCODE_DISABLE_AUTOUPDATE',
      'OPENCODE_DISABLE_MODELS_FETCH',
    ])
      assert.ok(off[name] !== undefined, name);
    for (const bypass of BYPASSES) assert.ok(bypass.advice.length > 10 && bypass.what.length > 10);
  });
});
