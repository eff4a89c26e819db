import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { EXIT } from '../../proxy/cli/exit.js';
import { buildProgram } from '../../proxy/cli/program.js';
import { sallyport } from './support.js';

const text = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8');

describe('docs/cli.md', () => {
  it('lists every verb and every sub-verb, and no other', async () => {
    const io = {
      out: () => undefined,
      err: () => undefined,
      env: {},
      cwd: '/',
      terminal: false,
      columns: 100,
      readAll: async () => '',
      onInterrupt: () => () => undefined,
    };
    const { program } = buildProgram(io);
    const rows = [...text.matchAll(/^\| (`[a-z]+`(?: · `[a-z]+`)*) \| ([^|]+) \|/gm)];
    const verbs = rows.flatMap((row) => [...row[1]!.matchAll(/`([a-z]+)`/g)].map((m) => m[1]!));
    assert.deepEqual(verbs.sort(), program.commands.map((c) => c.name()).sort());
    for (const command of program.commands) {
      const row = rows.find((r) => r[1]!.includes(`\`${command.name()}\``))!;
      for (const sub of command.commands) assert.ok(row[2]!.includes(`\`${sub.name()}\``), `${command.name()} ${sub.name()}`);
    }
  });

  it('lists every exit code', async () => {
    const listed = [...text.matchAll(/^\| (\d+) \| /gm)].map((row) => Number(row[1]));
    assert.deepEqual(
      listed,
      Object.values(EXIT).sort((a, b) => a - b),
    );
    const { out } = await sallyport(['--help']);
    for (const code of listed) assert.match(out, new RegExp(`[ ·]${code} `));
  });
});
