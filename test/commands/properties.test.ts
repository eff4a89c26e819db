import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ids, outcome, read, shell } from './read.js';

const WORDS = [
  'rm',
  '-rf',
  '~',
  '$HOME',
  '"',
  "'",
  '`',
  '$(',
  ')',
  '<<EOF\n',
  'EOF\n',
  '|',
  'sh',
  ';',
  '&&',
  '{',
  '}',
  '\\',
  '${x',
  '<(',
  'DROP TABLE',
  'WHERE',
  '--',
  '/*',
  'exec(',
  'import os\n',
  'os.system(',
  '[',
  ']',
  '\n',
  ' ',
  '$',
  'base64 -d',
  'eval',
  '{a,b}',
  '\u0000',
  '\uFFFC',
  '\uE000',
];
const noise = fc.array(fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 6 })), { maxLength: 40 }).map((a) => a.join(''));

describe('properties', () => {
  it('never throws, and always gives a whole reading, on any text for any tool', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('bash', 'powershell', 'execute_sql', 'python', 'execute_code', 'write_file', 'fetch', 'x'),
        noise,
        fc.boolean(),
        (tool, text, raw) => {
          const r = read(tool, raw ? text : JSON.stringify({ command: text, code: text, query: text, path: text, url: text }));
          assert.equal(typeof r.parsed, 'boolean');
          for (const k of r.risks) assert.match(k.level, /^(?:catastrophic|risky|notable)$/);
          for (const f of r.facts) assert.ok((f.target ?? '').length <= 200);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('spelling variants of one command give the same risks', () => {
    const quote = (w: string): fc.Arbitrary<string> =>
      fc.constantFrom(
        w,
        `'${w}'`,
        `"${w}"`,
        `${w[0]}''${w.slice(1)}`,
        `${w[0]}""${w.slice(1)}`,
        `\\${w}`,
        `$'${[...w].map((c) => `\\x${c.charCodeAt(0).toString(16)}`).join('')}'`,
      );
    const commands = [
      ['rm', '-rf', '/etc'],
      ['chmod', '-R', '777', '/usr'],
      ['git', 'reset', '--hard'],
      ['mkfs.ext4', '/dev/sda'],
      ['shred', 'x.txt'],
    ];
    fc.assert(
      fc.property(
        fc
          .constantFrom(...commands)
          .chain((c) => fc.tuple(fc.constant(c), fc.tuple(...c.map(quote)), fc.constantFrom(' ', '  ', ' \\\n '))),
        ([plain, variant, gap]) => {
          assert.deepEqual(ids(shell(variant.join(gap))).sort(), ids(shell(plain.join(' '))).sort(), variant.join(gap));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('wrappers never hide a risk', () => {
    const wrappers = [
      'sudo',
      'env A=1',
      'nohup',
      'timeout 5',
      'nice -n 5',
      'command',
      'exec',
      'time',
      'setsid',
      'stdbuf -o0',
      'sudo -u bob',
      'ionice -c 2',
      'busybox',
      'strace -f',
      'doas',
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...wrappers), { maxLength: 4 }),
        fc.constantFrom('rm -rf ~', 'dd if=x of=/dev/sda', 'rm -rf /etc'),
        (ws, c) => {
          assert.equal(outcome(shell([...ws, c].join(' '))), 'block', [...ws, c].join(' '));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('hostile input is bounded', () => {
  const big: Record<string, string> = {
    'many quotes': '"'.repeat(20_000),
    'nested substitutions': `${'$('.repeat(400)}rm${')'.repeat(400)}`,
    'nested shells': `${"bash -c '".repeat(50)}x`,
    'many commands': 'rm -rf x; '.repeat(3000),
    'braces multiply': `echo ${'{a,b,c,d}'.repeat(30)}`,
    'long word': 'a'.repeat(200_000),
    'many variables': Array.from({ length: 2000 }, (_v, i) => `a${i}=$a${i - 1}$a${i - 1}`).join('\n'),
    'doubling variables': `a=xxxxxxxx; ${'a=$a$a; '.repeat(60)} echo $a`,
    'functions that call each other': 'f(){ g; g; }; g(){ f; f; }; f',
    parentheses: '('.repeat(5000),
    'here-documents': 'cat <<A\n'.repeat(500),
  };
  for (const [name, text] of Object.entries(big))
    it(name, () => {
      for (const tool of ['bash', 'python', 'execute_sql', 'powershell']) {
        const r = read(tool, { command: text, code: text, query: text });
        assert.ok(r.facts.length <= 64 && r.risks.length <= 200);
      }
    });
  it('what is too long to be read whole is not called parsed', () => assert.equal(shell(`echo ${'a '.repeat(40_000)}`).parsed, false));
});
