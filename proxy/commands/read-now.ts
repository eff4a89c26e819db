import { homedir } from 'node:os';
import type { ToolReading } from '../contract/index.js';
import { classify } from './classify.js';
import { readCode } from './code.js';
import { Protected } from './disarm.js';
import { readFileTool } from './file-tool.js';
import { Findings } from './findings.js';
import { readNetworkTool } from './network-tool.js';
import type { Place } from './paths.js';
import { Evaluation } from './shell/evaluate.js';
import { Scope } from './shell/scope.js';
import { sniff } from './sniff.js';
import { readSql } from './sql/read.js';
import { judgeTaint, keepTrace } from './taint.js';
import type { ToolContext } from './types.js';

/** Reads a call on this thread. The grammars must be loaded. Never throws. */
export function readNow(toolName: string, argumentsText: string, context: ToolContext): ToolReading {
  const findings = new Findings();
  try {
    const call = classify(toolName, argumentsText, context.definition);
    const home = context.home ?? homedir();
    const place = { cwd: call.cwd ?? context.cwd, home };
    const guard = new Protected(context.protectedTargets, home);
    const shell = new Evaluation(findings, { ...place, protected: guard });
    if (call.malformed && call.toolClass !== 'unknown') {
      findings.parsed = false;
      findings.fact('unparsed', undefined, 'the arguments are not JSON');
    }
    const runShell = (source: string): void => {
      const scope = new Scope();
      scope.cwd = place.cwd;
      shell.source(source, scope);
    };
    for (const text of call.allStrings) guard.word(text.length > 4096 ? text.slice(0, 4096) : text, place, findings);
    for (const item of call.code) {
      const code = { findings, place, protected: guard, shell: runShell };
      if (item.language === 'shell') shell.start(item.text);
      else if (item.language === 'sql') readSql(item.text, findings, item.dialect);
      else readCode(item.language, item.text, code);
    }
    if (call.toolClass === 'file' || call.paths.length > 0) readFileTool(call, findings, place);
    if (call.toolClass === 'network' || call.urls.length > 0) readNetworkTool(call, findings, place);
    for (const path of findings.executed)
      if (/^(?:\/var)?\/(?:tmp|dev\/shm)\/(?:[^/]+\/)*\.[^./]/.test(path))
        findings.risk(
          'execute',
          'shell/hidden-file-run',
          'risky',
          `Runs a hidden file of a folder that everybody may write: ${path}`,
          path,
        );
    judgeTaint(findings, call, context.taint, place);
    const reading = findings.reading(call.toolClass);
    keepTrace(reading, {
      written: findings.written.map((w) => ({ path: w.path, risks: [...w.risks, ...contentRisks(w.path, w.content, place, guard)] })),
      fetched: call.toolClass === 'network' || findings.facts.some((f) => f.kind === 'network'),
    });
    return reading;
  } catch {
    findings.parsed = false;
    findings.fact('unparsed', undefined, 'the reader failed');
    return findings.reading('unknown');
  }
}

/** What a written file would do if it were run: ids of its risks, `!` after catastrophic ones. */
function contentRisks(path: string, content: string | undefined, place: Place, guard: Protected): string[] {
  if (content === undefined || content.trim() === '') return [];
  const byName = /\.(?:sh|bash|zsh|command)$|(?:^|\/)(?:Makefile|makefile)$/.test(path)
    ? 'shell'
    : /\.py$/.test(path)
      ? 'python'
      : /\.(?:c|m)?[jt]s$/.test(path)
        ? 'javascript'
        : /\.ps1$/.test(path)
          ? 'powershell'
          : /\.(?:bat|cmd)$/.test(path)
            ? 'cmd'
            : /\.(pl|rb|php|lua|awk)$/.exec(path)?.[1];
  const language = byName ?? (/^#!/.test(content) || !/\.\w+$/.test(path) ? (sniff(content) ?? 'shell') : undefined);
  if (language === undefined) return [];
  const f = new Findings();
  const shell = new Evaluation(f, { ...place, protected: guard });
  if (language === 'shell') shell.start(content);
  else
    readCode(language, content, {
      findings: f,
      place,
      protected: guard,
      shell: (source) => shell.start(source),
    });
  return f.risks.filter((r) => r.level !== 'notable').map((r) => (r.level === 'catastrophic' ? `${r.id}!` : r.id));
}
