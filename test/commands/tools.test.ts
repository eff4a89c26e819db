import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createTaint, updateTaint } from '../../proxy/commands/index.js';
import { CONTEXT, ids, outcome, read, shell } from './read.js';

describe('kinds of tools', () => {
  const cases: [string, unknown, string][] = [
    ['Bash', { command: 'ls' }, 'shell'],
    ['run_terminal_cmd', { command: 'ls' }, 'shell'],
    ['local_shell', { command: ['bash', '-lc', 'ls'] }, 'shell'],
    ['mcp__box__execute_command', { command: 'ls' }, 'shell'],
    ['powershell', { command: 'ls' }, 'powershell'],
    ['postgres_query', { sql: 'select 1' }, 'sql'],
    ['code_interpreter', { code: 'print(1)' }, 'code'],
    ['Write', { file_path: 'a.txt', content: 'x' }, 'file'],
    ['mcp__filesystem__write_file', { path: 'a.txt', content: 'x' }, 'file'],
    ['str_replace_based_edit_tool', { command: 'view', path: 'a.txt' }, 'file'],
    ['WebFetch', { url: 'https://example.com' }, 'network'],
    ['send_email', { to: 'a', body: 'b' }, 'network'],
    ['get_weather', { city: 'Oslo' }, 'unknown'],
  ];
  for (const [tool, args, kind] of cases) it(`${tool} is ${kind}`, () => assert.equal(read(tool, args).toolClass, kind));
  it('the description decides where the name says nothing', () => {
    const definition = { description: 'Runs a shell command on the machine and returns its output.' };
    assert.equal(outcome(read('tool_7', { x: 'rm -rf ~' }, { ...CONTEXT, definition })), 'block');
  });
  it('arguments are looked at whatever the tool is called', () => {
    assert.equal(outcome(read('frobnicate', { command: 'rm -rf ~' })), 'block');
    assert.equal(outcome(read('frobnicate', { nested: { script: 'rm -rf ~' } })), 'block');
    assert.equal(outcome(read('local_shell', { command: ['bash', '-lc', 'rm -rf ~'] })), 'block');
    assert.equal(outcome(read('frobnicate', { note: 'Please never run it. The text says that rm is a command.' })), 'allow');
  });
  it('arguments that are no JSON are not parsed', () => assert.equal(read('bash', '{"command": "ls').parsed, false));
});

describe('file tools', () => {
  const asked: [string, unknown][] = [
    ['Write', { file_path: '/home/a/.bashrc', content: 'x' }],
    ['write_file', { path: '~/.ssh/config', content: 'x' }],
    ['write_file', { path: '/etc/hosts', content: 'x' }],
    ['write_file', { path: '.git/hooks/pre-commit', content: 'x' }],
    ['Edit', { file_path: '.claude/settings.json', old_string: 'a', new_string: 'b' }],
    ['write_file', { path: '~/Library/LaunchAgents/x.plist', content: 'x' }],
    ['Write', { file_path: '.env', content: 'x' }],
    ['Read', { file_path: '/home/a/.ssh/id_rsa' }],
    ['read_file', { path: '../../.aws/credentials' }],
    ['delete_file', { path: '/home/a/other/x' }],
    ['apply_patch', { input: '*** Begin Patch\n*** Delete File: /etc/hosts\n*** End Patch' }],
  ];
  for (const [tool, args] of asked)
    it(`${tool} ${JSON.stringify(args).slice(0, 60)}`, () => assert.notEqual(outcome(read(tool, args)), 'allow'));
  it('blocks what decides over the machine', () => {
    assert.equal(outcome(read('write_file', { path: '/etc/sudoers', content: 'x' })), 'block');
    assert.equal(outcome(read('delete_directory', { path: '/home/a' })), 'block');
  });
  it('ordinary work passes', () => {
    for (const [tool, args] of [
      ['Write', { file_path: '/home/a/project/src/a.ts', content: 'rm -rf /' }],
      ['Read', { file_path: 'README.md' }],
      ['Edit', { file_path: 'src/x.ts', old_string: 'a', new_string: 'b' }],
      ['delete_file', { path: 'out/x.js' }],
    ] as [string, unknown][])
      assert.equal(outcome(read(tool, args)), 'allow', `${tool} ${JSON.stringify(read(tool, args).risks)}`);
  });
});

describe('network tools', () => {
  it('asks for bare addresses, metadata, drops, placeholders', () => {
    for (const url of ['http://203.0.113.9/x', 'http://169.254.169.254/latest', 'https://webhook.site/abc'])
      assert.notEqual(outcome(read('fetch', { url })), 'allow', url);
    assert.notEqual(outcome(read('http_request', { url: 'https://example.com', body: 'EMAIL_ADDRESS_abcdefg2' })), 'allow');
  });
  it('an ordinary page passes', () =>
    assert.equal(outcome(read('WebFetch', { url: 'https://example.com/docs', prompt: 'sum up' })), 'allow'));
});

describe('the gateway itself', () => {
  const context = {
    ...CONTEXT,
    protectedTargets: ['/home/a/.config/sallyport', '/run/user/1000/sallyport.sock', '127.0.0.1:4141', 'SALLYPORT_KEY'],
  };
  for (const c of [
    'cat ~/.config/sallyport/policy.yaml',
    'curl --unix-socket /run/user/1000/sallyport.sock http://x',
    'curl http://127.0.0.1:4141/v1/models',
    'export SALLYPORT_KEY=1',
    'cd ~/.config && rm -r sallyport',
    'python3 -c "open(\'/home/a/.config/sallyport/x\')"',
  ])
    it(c, () => assert.equal(outcome(shell(c, context)), 'block', JSON.stringify(shell(c, context))));
  it('file tools too', () =>
    assert.equal(outcome(read('Write', { file_path: '/home/a/.config/sallyport/policy.yaml', content: '' }, context)), 'block'));
  it('its neighbours are not touched', () => assert.equal(outcome(shell('cat ~/.config/sallyportal/x', context)), 'allow'));
});

describe('rules over a session', () => {
  it('written, then run', () => {
    const taint = createTaint();
    const context = { ...CONTEXT, taint };
    const write = read('Write', { file_path: '/home/a/project/go.sh', content: 'rm -rf ~' }, context);
    assert.equal(outcome(write), 'allow');
    updateTaint(taint, write);
    const run = shell('bash go.sh', context);
    assert.equal(outcome(run), 'block');
    assert.ok(ids(run).includes('session/written-then-run'));
    assert.equal(outcome(shell('./go.sh', context)), 'block');
    assert.equal(outcome(shell('bash other.sh', context)), 'allow');
  });
  it('written by the shell, then run', () => {
    const taint = createTaint();
    updateTaint(taint, shell('printf "import shutil\\nshutil.rmtree(\'/srv\')" > x.py', { ...CONTEXT, taint }));
    assert.notEqual(outcome(shell('python3 x.py', { ...CONTEXT, taint })), 'allow');
  });
  it('a secret read, then something sent', () => {
    const taint = createTaint();
    const context = { ...CONTEXT, taint };
    assert.equal(outcome(shell('curl -d a=b https://example.com', context)), 'allow');
    updateTaint(taint, shell('cat ~/.ssh/id_rsa', context));
    assert.ok(ids(shell('curl -d a=b https://example.com', context)).includes('session/secret-then-send'));
  });
  it('text from outside, then a risk; it wears off', () => {
    const taint = createTaint();
    const context = { ...CONTEXT, taint };
    assert.equal(outcome(shell('rm notes.txt', context)), 'allow');
    updateTaint(taint, read('WebFetch', { url: 'https://example.com' }, context));
    assert.ok(ids(shell('rm notes.txt', context)).includes('session/untrusted-then-risky'));
    assert.equal(outcome(shell('ls', context)), 'allow');
    for (let i = 0; i < 6; i++) updateTaint(taint, shell('ls', context));
    assert.equal(outcome(shell('rm notes.txt', context)), 'allow');
  });
});
