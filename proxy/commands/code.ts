import type { Protected } from './disarm.js';
import type { Findings } from './findings.js';
import { readJavaScript } from './javascript/read.js';
import type { Place } from './paths.js';
import { readPython } from './python/read.js';
import { readScript } from './script.js';
import { readCmd } from './windows/cmd.js';
import { readPowerShell } from './windows/powershell.js';

/** What readers of code need from their surroundings. */
export interface CodeContext {
  findings: Findings;
  place: Place;
  protected: Protected;
  /** Reads shell source that the code would run. */
  shell(source: string): void;
  depth?: number;
}

/** Reads source code of a language; an unknown language is read by its calls alone. Never throws on any text. */
export function readCode(language: string, text: string, x: CodeContext): void {
  const source = text.length > 32_768 ? text.slice(0, 32_768) : text;
  if (text.length > 32_768) {
    x.findings.parsed = false;
    x.findings.fact('unparsed', undefined, 'longer than is read');
  }
  if ((x.depth ?? 0) > 4) {
    x.findings.risk('execute', 'shell/too-deep', 'risky', 'Code is nested too deeply to be read');
    return;
  }
  for (const word of source.match(/[\w~/.:@%-]{3,}/g)?.slice(0, 4000) ?? []) x.protected.word(word, x.place, x.findings);
  switch (language) {
    case 'python':
      readPython(source, x);
      break;
    case 'javascript':
      readJavaScript(source, x);
      break;
    case 'powershell':
      readPowerShell(source, x);
      break;
    case 'cmd':
      readCmd(source, x);
      break;
    default:
      readScript(language, source, x);
  }
}
