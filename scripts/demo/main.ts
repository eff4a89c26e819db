/**
 * The demo. `--auto`: decisions are given through the control API, as a person's would be. `--json` (with --auto): prints one JSON
 * object and nothing else on standard output. Exits 1 if any scene is not as expected.
 */
import { parseArgs } from 'node:util';
import { type LedgerReport, proveLedger } from './proof.js';
import { SCENES, type SceneReport } from './scenes.js';
import { type Stage, setStage } from './stage.js';

const { values: flags } = parseArgs({ options: { auto: { type: 'boolean' }, json: { type: 'boolean' }, help: { type: 'boolean' } } });
if (flags.help) {
  process.stdout.write(
    'npm run demo -- [--auto] [--json]\n  --auto   decisions are given by the demo itself\n  --json   one JSON object; needs --auto\n',
  );
  process.exit(0);
}
if (flags.json && !flags.auto) {
  process.stderr.write('--json needs --auto: nobody could read what has to be decided.\n');
  process.exit(2);
}
const tell = (line: string) => {
  if (!flags.json) process.stdout.write(`${line}\n`);
};

function table(scenes: SceneReport[]): string {
  const rows = scenes.map((s, i) => [`${i + 1}`, s.ok ? 'ok' : 'NOT OK', s.name, s.observed]);
  const width = (column: number) => Math.max(...rows.map((r) => r[column]?.length ?? 0));
  return rows.map((r) => `${r[0]}  ${r[1]?.padEnd(width(1))}  ${r[2]?.padEnd(width(2))}  ${r[3]}`).join('\n');
}

async function replayOne(stage: Stage): Promise<void> {
  const { sessions } = await stage.gateway.call<{ sessions: { id: string; exchanges: number }[] }>('GET', '/api/sessions?limit=100');
  const longest = sessions.toSorted((a, b) => b.exchanges - a.exchanges)[0];
  if (!longest) return;
  const { stdout, stderr } = await stage.gateway.cli(['replay', longest.id, '--speed', '16']);
  tell(`\nReplay of session ${longest.id} (${longest.exchanges} exchanges, 16 times as fast):`);
  tell((stdout || stderr).trimEnd());
}

let stage: Stage | undefined;
const scenes: SceneReport[] = [];
let ledger: LedgerReport = { records: 0, verified: false, tamperFound: false };
try {
  stage = await setStage({ auto: flags.auto === true, tell });
  for (const [i, play] of SCENES.entries()) {
    const report = await play(stage).catch(
      (error: Error): SceneReport => ({
        name: play.name,
        expected: 'the scene plays to its end',
        observed: error.message,
        ok: false,
        evidence: { gateway: stage?.gateway.output().slice(-1000) },
      }),
    );
    scenes.push(report);
    tell(`\n${i + 1}. ${report.name}: ${report.ok ? 'ok' : 'NOT OK'}\n   expected: ${report.expected}\n   observed: ${report.observed}`);
  }
  tell(`\n${table(scenes)}`);
  if (!flags.json) await replayOne(stage);
  tell('');
  ledger = await proveLedger(stage.gateway, tell);
} finally {
  await stage?.close();
}
if (flags.json) process.stdout.write(`${JSON.stringify({ scenes, ledger })}\n`);
process.exitCode = scenes.length === SCENES.length && scenes.every((s) => s.ok) && ledger.verified && ledger.tamperFound ? 0 : 1;
