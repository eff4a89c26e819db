/**
 * `npm run test:package [-- --no-build] [-- --unpacked]`: builds the .deb, looks into it, installs it, runs it as an ordinary user with
 * the sandbox on, sends a request through it, and removes it. Needs root on Debian, as dpkg does; `--unpacked` stops after looking
 * into the folder and needs nothing. Makes a throw-away user and deletes it.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlClient, readAddress } from '../../proxy/control/index.js';
import { startSimulatedProvider } from '../../proxy/demo/index.js';
import { defaultSettings } from '../../proxy/settings/index.js';
import { freePort, ROOT } from '../../scripts/demo/launch.js';
import { until } from '../support/until.js';
import { unlisted, wrongContents, wrongFuses } from './contents.js';

const USER = 'sallyport-test';
const given = process.argv.slice(2);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const run = (command: string, args: string[], minutes = 3) => {
  const result = spawnSync(command, args, { encoding: 'utf8', timeout: minutes * 60_000 });
  assert.equal(result.status, 0, `${command} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return result.stdout;
};
const step = async (what: string, act: () => unknown): Promise<void> => {
  await act();
  say(`ok  ${what}`);
};

const unpacked = given.includes('--unpacked');
if (!given.includes('--no-build')) {
  const target = unpacked ? ['--linux', 'dir'] : ['--linux', 'deb'];
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts/package/index.mjs'), ...target], { cwd: ROOT, stdio: 'inherit' });
  assert.equal(built.status, 0);
}
const folder = join(ROOT, 'release/linux-unpacked');
await step('everything that is read by path is in the package, and nothing else', () => assert.deepEqual(wrongContents(folder), []));
await step('the bill of materials lies beside it and names every package that is in it', () => {
  const bill = JSON.parse(readFileSync(join(ROOT, 'release/sbom.cdx.json'), 'utf8')) as Parameters<typeof unlisted>[1];
  assert.ok(bill.components.some((c) => c.name === 'preact') && bill.components.some((c) => c.name === 'electron'));
  assert.deepEqual(unlisted(folder, bill), []);
});
await step('the fuses are hardened', async () => assert.deepEqual(await wrongFuses(join(folder, 'sallyport-desktop')), []));
await step('a release refuses the fallback runtime', () => {
  if (!existsSync(join(ROOT, 'node_modules/electron/dist/FALLBACK'))) return;
  const guard = `import('${join(ROOT, 'scripts/package/before-pack.mjs')}').then((m) => m.default())`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', guard], {
    cwd: ROOT,
    env: { ...process.env, RELEASE: '1' },
    encoding: 'utf8',
  });
  assert.ok(status !== 0 && /fallback/i.test(stderr), stderr);
});
if (unpacked) process.exit(0);
assert.equal(process.getuid?.(), 0, 'Installing a package needs root; --unpacked looks into it without.');

const deb = readdirSync(join(ROOT, 'release')).find((f) => f.endsWith('.deb'));
assert.ok(deb);
const home = mkdtempSync(join(tmpdir(), 'sallyport-installed-'));
const provider = await startSimulatedProvider({
  script: ({ turns }) =>
    /^use the tools/i.test(turns.at(-1)?.text ?? '')
      ? {
          answer: {
            tokens: [],
            toolCalls: [
              { name: 'shell', arguments: '{"command":"ls -l"}' },
              { name: 'sql', arguments: '{"query":"select 1"}' },
            ],
          },
          delivery: { paceMs: 0 },
        }
      : undefined,
});
try {
  await step('dpkg -i', () => run('dpkg', ['-i', join(ROOT, 'release', deb)]));
  await step('the installed app refuses root', () => {
    for (const more of [[], ['--no-sandbox']]) {
      const { status, stderr, signal } = spawnSync('xvfb-run', ['-a', 'sallyport-desktop', ...more], {
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, HOME: home },
      });
      assert.ok(status !== 0 && signal === null && /root/i.test(stderr), `${status} ${stderr}`);
      if (more.length > 0) assert.ok(status === 77 && /Start it as an ordinary user/.test(stderr), `${status} ${stderr}`);
    }
  });
  run('useradd', ['--create-home', '--home-dir', join(home, 'user'), '--shell', '/bin/sh', USER]);
  chmodSync(home, 0o755);
  const data = join(home, 'user', 'data');
  mkdirSync(data, { mode: 0o700 });
  const settings = defaultSettings();
  settings.listen.port = await freePort();
  settings.connections = [
    {
      name: 'openai',
      dialect: 'openai',
      origin: provider.origin,
      pathPrefix: '',
      credential: 'env:INSTALLED_KEY',
      credentialOrigin: provider.origin,
    },
  ];
  // Only a person at the window may make an agent; this one was made before.
  const key = `sp_${randomBytes(48).toString('hex').slice(0, 43)}`;
  settings.agents = [
    {
      id: 'ag_installed',
      name: 'bot',
      owner: 'local',
      groups: [],
      scope: { connections: ['*'], models: ['*'], operations: ['*'] },
      keyHash: createHash('sha256').update(key).digest('base64url'),
      keyHint: key.slice(0, 7),
      createdAt: new Date().toISOString(),
    },
  ];
  writeFileSync(join(data, 'settings.json'), JSON.stringify(settings), { mode: 0o600 });
  cpSync(join(ROOT, 'test/support/with-keyring.sh'), join(home, 'with-keyring.sh'));
  run('chown', ['-R', `${USER}:`, data]);
  const began = performance.now();
  const app = spawn(
    'runuser',
    [
      '-u',
      USER,
      '--',
      'env',
      '-i',
      `PATH=${process.env['PATH']}`,
      `HOME=${join(home, 'user')}`,
      `SALLYPORT_HOME=${data}`,
      'LANG=C.UTF-8',
      `INSTALLED_KEY=${provider.apiKey}`,
      'xvfb-run',
      '-a',
      'dbus-run-session',
      '--',
      'sh',
      join(home, 'with-keyring.sh'),
      'sallyport-desktop',
      '--disable-gpu',
    ],
    { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let output = '';
  for (const stream of [app.stdout, app.stderr]) stream.on('data', (d: Buffer) => (output += d));
  const ended = new Promise<number | null>((resolve) => app.once('exit', resolve));
  try {
    const client = await until(
      () => {
        const address = readAddress(data);
        return address ? new ControlClient(address) : undefined;
      },
      () => `the gateway to listen; the app said: ${output}`,
      90_000,
    );
    const status = await until(
      () => client.call<{ state: string; secrets: unknown }>('GET', '/api/status').catch(() => undefined),
      'the status',
    );
    say(`    started in ${Math.round(performance.now() - began)} ms (with Xvfb, bus and keyring)`);
    await step('runs as an ordinary user, with the sandbox on', async () => {
      const all = () => run('pgrep', ['-u', USER, '-f', '/opt/Sallyport/sallyport-desktop']).trim().split('\n').map(Number);
      // Children of Chromium's zygote write their command line anew, with blanks.
      const command = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const page = await until(
        () => all().find((pid) => command(pid).includes('--type=renderer')),
        () => `the page process among ${all().map(command).join('; ')}`,
      );
      const pids = all();
      assert.match(readFileSync(`/proc/${page}/status`, 'utf8'), /^Seccomp:\s+2$/m);
      assert.ok(pids.every((pid) => !command(pid).includes('--no-sandbox')));
      const kib = (pid: number) => Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
      say(
        `    memory of all its processes: ${Math.round(pids.reduce((sum, pid) => sum + kib(pid), 0) / 1024)} MiB (proportional set size)`,
      );
    });
    await step('keeps keys in the keychain', () => assert.deepEqual(status.secrets, { kind: 'keychain', protected: true }));
    await step('a program that opens its socket does not become a person', () =>
      assert.rejects(
        client.call('POST', '/api/persons/passphrase', { body: { passphrase: 'a throw-away passphrase' } }),
        /set in the window of the desktop app/,
      ),
    );
    const ask = (content: string) =>
      fetch(`http://127.0.0.1:${settings.listen.port}/openai/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
        signal: AbortSignal.timeout(30_000),
      });
    await step('passes and masks a request, with the provider key put on', async () => {
      const answer = await ask('Write to jane.roe@northwind-mail.org about the invoice');
      const text = await answer.text();
      assert.equal(answer.status, 200, text);
      assert.ok(text.includes('jane.roe@northwind-mail.org'));
      assert.ok(!provider.log.contains('jane.roe@northwind-mail.org'));
      assert.equal(provider.log.last()?.key, 'right');
    });
    await step('reads tool calls: grammars and SQL parser are found', async () => {
      const answer = await ask('Use the tools please');
      assert.equal(answer.status, 200, await answer.clone().text());
      await answer.text();
      const { sessions } = await client.call<{ sessions: { id: string }[] }>('GET', '/api/sessions?limit=10');
      const details = await until(async () => {
        const all = await Promise.all(
          sessions.map(async (s) => (await client.call<{ exchangesList: { id: string }[] }>('GET', `/api/sessions/${s.id}`)).exchangesList),
        );
        const read = await Promise.all(
          all.flat().map((e) => client.call<{ events: { kind: string; meta: { parsed?: boolean } }[] }>('GET', `/api/exchanges/${e.id}`)),
        );
        const calls = read.flatMap((d) => d.events.filter((e) => e.kind === 'tool-call'));
        return calls.length >= 2 ? calls : undefined;
      }, 'the tool calls in the record');
      assert.deepEqual(
        details.map((c) => c.meta.parsed),
        [true, true],
      );
    });
    client.close();
    await step('ends when it is told to', async () => {
      const main = run('pgrep', ['-u', USER, '-o', '-f', '/opt/Sallyport/sallyport-desktop']).trim();
      process.kill(Number(main), 'SIGTERM');
      assert.notEqual(await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 30_000, 'late'))]), 'late');
    });
  } finally {
    if (app.exitCode === null && app.signalCode === null && app.pid) process.kill(-app.pid, 'SIGKILL');
  }
  await step('dpkg -P leaves nothing', () => {
    run('dpkg', ['-P', 'sallyport']);
    for (const path of [
      '/opt/Sallyport',
      '/usr/bin/sallyport-desktop',
      '/usr/share/applications/sallyport-desktop.desktop',
      '/etc/apparmor.d/sallyport-desktop',
    ])
      assert.ok(!existsSync(path), path);
  });
} finally {
  spawnSync('dpkg', ['-P', 'sallyport']);
  spawnSync('userdel', [USER]);
  rmSync(home, { recursive: true, force: true });
  await provider.close();
}
say('the package installs, runs and goes');
