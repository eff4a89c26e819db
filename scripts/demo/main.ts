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
  const rows = scenes.map((s, i) => [`${i + 1}`, s.ok ? 'ok' : 'NOT OK', s.name, s.ok ? s.expected : s.observed]);
  const width = (column: number) => Math.max(...rows.map((r) => r[column]?.length ?? 0));
  return rows.map((r) => `${r[0]}  ${r[1]?.padEnd(width(1))}  ${r[2]?.padEnd(width(2))}  ${r[3]}`).join('\n');
}

const REPLAY_LINES = 25;

/** Replays the session whose tool call was held, as its recorded timing says. */
async function replayOne(stage: Stage): Promise<void> {
  const { sessions } = await stage.gateway.call<{ sessions: { id: string; exchanges: number; tools: string[] }[] }>(
    'GET',
    '/api/sessions?limit=100',
  );
  const session = sessions.find((s) => s.exchanges === 1 && s.tools.includes('shell')) ?? sessions[0];
  if (!session) return;
  const { stdout, stderr } = await stage.gateway.cli(['replay', session.id, '--speed', '16']);
  const lines = (stdout || stderr)
    .trimEnd()
    .split('\n')
    .map((line) => (line.length > 160 ? `${line.slice(0, 159)}…` : line));
  tell(`\nReplay of session ${session.id}, 16 times as fast (sallyport replay ${session.id}):`);
  tell(lines.slice(0, REPLAY_LINES).join('\n'));
  if (lines.length > REPLAY_LINES) tell(`… and ${lines.length - REPLAY_LINES} lines more`);
}

let stage: Stage | undefined;
const scenes: SceneReport[] = [];
let ledger: LedgerReport = { records: 0, verified: false, tamperFound: false };
try {
  const piece = (text: string) => {
    if (!flags.json) process.stdout.write(text);
  };
  stage = await setStage({ auto: flags.auto === true, screen: { line: tell, piece } });
  for (const [i, { title, play }] of SCENES.entries()) {
    tell(`\n${i + 1}. ${title}`);
    const report = await play(stage).catch(
      (error: Error): SceneReport => ({
        name: title,
        expected: 'the scene plays to its end',
        observed: error.message,
        ok: false,
        evidence: { gateway: stage?.gateway.output().slice(-1000) },
      }),
    );
    scenes.push(report);
    tell(`   expected: ${report.expected}\n   observed: ${report.observed}\n   ${report.ok ? 'ok' : 'NOT OK'}`);
    if (!report.ok) tell(JSON.stringify(report.evidence, null, 2));
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
