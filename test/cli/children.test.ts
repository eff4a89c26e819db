import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isolationProblem } from '../../proxy/cli/isolate.js';
import { type Lab, startLab } from '../control/support.js';
import { sallyport } from './support.js';

const CLI = fileURLToPath(new URL('../../proxy/cli.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function child(args: string[], env: Record<string, string>, cwd = ROOT): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((done) => {
    const process_ = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CLI, ...args], {
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, ...env },
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let out = '';
    let err = '';
    process_.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    process_.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    process_.once('close', (code) => done({ code, out, err }));
  });
}

/** An agent that says what it can see, and tries what it should not. */
const AGENT = `
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
const [data, socket] = process.argv.slice(2);
const files = existsSync(data) ? readdirSync(data) : [];
const reached = await new Promise((done) => {
  const s = connect(socket);
  s.on('connect', () => { s.destroy(); done(true); });
  s.on('error', () => done(false));
});
const res = await fetch(process.env.OPENAI_BASE_URL + '/models', { headers: { authorization: 'Bearer ' + process.env.OPENAI_API_KEY } });
console.log(JSON.stringify({ env: process.env, files, reached, status: res.status }));
process.exit(Number(process.env.AGENT_EXIT ?? 0));
`;

interface Seen {
  env: Record<string, string>;
  files: string[];
  reached: boolean;
  status: number;
}

describe('sallyport run, in processes of its own', () => {
  let lab: Lab;
  let folder: string;
  before(async () => {
    lab = await startLab({ demo: true });
    folder = mkdtempSync(join(tmpdir(), 'sp-run-'));
    writeFileSync(join(folder, 'agent.mjs'), AGENT);
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await lab.close();
  });

  const agent = () => ['--', process.execPath, join(folder, 'agent.mjs'), lab.directory, lab.client.address.socket];
  const env = () => ({
    SALLYPORT_PERSON: lab.capability,
    OPENAI_API_KEY: 'sk-real-key-of-the-shell',
    GEMINI_API_KEY: 'other',
    AGENT_EXIT: '7',
  });

  it('mints a key for the run, takes provider keys away, switches off ways around, passes the exit code on, revokes', async () => {
    const { code, out, err } = await child(['--data', lab.directory, 'run', '--name', 'one run', ...agent()], env(), folder);
    assert.equal(code, 7, err);
    const seen = JSON.parse(out) as Seen;
    assert.match(seen.env['OPENAI_API_KEY']!, /^sp_/);
    assert.equal(seen.env['OPENAI_API_KEY'], seen.env['SALLYPORT_KEY']);
    assert.equal(seen.env['GEMINI_API_KEY'], undefined);
    assert.equal(seen.env['SALLYPORT_PERSON'], undefined, 'the agent cannot decide as the person');
    assert.equal(seen.env['OPENAI_AGENTS_DISABLE_TRACING'], '1');
    assert.equal(seen.env['LANGSMITH_TRACING'], 'false');
    assert.equal(seen.status, 200);
    const made = lab.gateway.services.agents.list().find((a) => a.name === 'one run');
    assert.ok(made?.revokedAt !== undefined, 'revoked at exit');
    assert.ok(made.expiresAt !== undefined, 'and it would have expired by itself');
    const late = await fetch(`${seen.env['OPENAI_BASE_URL']}/models`, {
      headers: { authorization: `Bearer ${seen.env['OPENAI_API_KEY']}` },
    });
    assert.equal(late.status, 401);
  });

  it('an agent gets no key without a person, and the command does not run', async () => {
    const { SALLYPORT_PERSON: _, ...without } = env();
    const { code, out, err } = await child(['--data', lab.directory, 'run', ...agent()], without, folder);
    assert.equal(code, 4, err);
    assert.equal(out, '');
  });

  it('uses a key that is given, and says when the command is not there', async () => {
    const given = { SALLYPORT_KEY: lab.gateway.demo!.key };
    const { code, out } = await child(['--data', lab.directory, 'run', ...agent()], given, folder);
    assert.equal(code, 0);
    assert.equal((JSON.parse(out) as Seen).env['OPENAI_API_KEY'], given.SALLYPORT_KEY);
    assert.equal((await child(['--data', lab.directory, 'run', '--', 'no-such-command-here'], given, folder)).code, 2);
  });

  const problem = isolationProblem();
  it('--isolate hides data, socket and the keychain from it', { skip: problem ?? false }, async () => {
    const open = JSON.parse((await child(['--data', lab.directory, 'run', ...agent()], env(), folder)).out) as Seen;
    assert.ok(open.files.includes('control.json') && open.reached, 'without isolation both are there');
    const { out, err } = await child(
      ['--data', lab.directory, 'run', '--isolate', ...agent()],
      { ...env(), DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' },
      folder,
    );
    const seen = JSON.parse(out || `{"error":${JSON.stringify(err)}}`) as Seen;
    assert.deepEqual(seen.files, [], err);
    assert.equal(seen.reached, false);
    assert.equal(seen.env['DBUS_SESSION_BUS_ADDRESS'], undefined);
    assert.equal(seen.status, 200, 'the gateway itself is still reached');
  });
});

describe('sallyport serve, and reading while nothing runs', () => {
  it('serves, is found, stops cleanly, and its record is read and verified afterwards', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sp-serve-'));
    const env = { PATH: process.env['PATH'] ?? '', HOME: directory, SALLYPORT_THROW_AWAY: '1' };
    const gateway = spawn(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), CLI, '--data', directory, '--json', 'serve', '--port', '0'],
      {
        env,
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    try {
      let out = '';
      let err = '';
      gateway.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString();
      });
      await new Promise<void>((done, fail) => {
        gateway.stdout.on('data', (chunk: Buffer) => {
          out += chunk.toString();
          if (out.includes('\n')) done();
        });
        gateway.once('exit', (code) => fail(new Error(`serve ended with ${code}: ${err}`)));
      });
      const { baseUrl, console: url } = JSON.parse(out) as { baseUrl: string; console: string };
      assert.match(url, /\/open#/);
      assert.equal((await fetch(`${baseUrl}/openai/v1/models`, { headers: { authorization: 'Bearer sp_wrong' } })).status, 401);
      const run = (args: string[]) => sallyport(['--data', directory, ...args], { env });
      assert.equal((await run(['status', '--json'])).json()['baseUrl'], baseUrl);
      assert.match((await run(['console'])).out, /\/open#/);
      gateway.removeAllListeners('exit');
      const exited = new Promise<number | null>((done) => gateway.once('exit', (code) => done(code)));
      gateway.kill('SIGTERM');
      assert.equal(await exited, 0, err);
      assert.equal((await run(['status'])).code, 3);
      assert.equal((await run(['sessions'])).code, 0);
      const verified = await run(['verify', '--json']);
      assert.equal(verified.code, 0, verified.out);
      assert.ok(Number(verified.json()['records']) > 0);
      assert.equal((await run(['connections'])).code, 3, 'what changes needs the gateway');
    } finally {
      gateway.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('nothing was ever recorded: says so, and where it looked', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sp-empty-'));
    const none = await sallyport(['--data', directory, 'sessions']);
    assert.equal(none.code, 5);
    assert.ok(none.err.includes(directory));
    rmSync(directory, { recursive: true });
  });
});
