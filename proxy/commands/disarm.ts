/**
 * Guards the gateway itself. What an attacker could do here: make the agent speak past the gateway, or edit what it decides by.
 * What stops it: every word, path, assignment and address of a call is compared with the gateway's own; a hit is catastrophic.
 */
import type { Findings } from './findings.js';
import { type Place, resolvePath } from './paths.js';
import { runsByVariable } from './variables.js';

const PROXY = /^(?:https?|all|ftp|no)_proxy$/i;
const BASE_URL =
  /^(?:ANTHROPIC|OPENAI|AZURE_OPENAI|GEMINI|GOOGLE_GEMINI|MISTRAL|GROQ|OPENROUTER|LITELLM|OLLAMA|CLAUDE|CODEX|LLM)_(?:API_)?(?:BASE(?:_URL)?|URL|HOST|ENDPOINT)$|^(?:SALLYPORT_\w+)$|^NODE_EXTRA_CA_CERTS$/i;

export class Protected {
  private readonly paths: string[] = [];
  private readonly words: string[] = [];
  private readonly variables = new Set<string>();

  constructor(targets: readonly string[], home: string | undefined) {
    for (const t of targets) {
      if (t.length < 3) continue;
      if (/^[A-Z][A-Z0-9_]+$/.test(t)) this.variables.add(t);
      else if (t.startsWith('/') || t.startsWith('~') || /^[A-Za-z]:[\\/]/.test(t)) {
        this.paths.push(resolvePath(t, { home }));
        this.words.push(t);
      } else this.words.push(t);
    }
  }

  private hit(findings: Findings, what: string): void {
    findings.risk('disarm', 'gateway/touch', 'catastrophic', `Touches this gateway: ${what}`, what);
  }

  /** A path that a call reads or writes. */
  path(path: string, place: Place, findings: Findings): void {
    if (this.paths.length === 0) return;
    const at = resolvePath(path, place);
    for (const p of this.paths) if (at === p || at.startsWith(`${p}/`)) return this.hit(findings, p);
  }

  /** A word of a command line or any text of a call. */
  word(text: string, place: Place, findings: Findings): void {
    if (text.length < 3) return;
    for (const w of this.words) {
      const i = text.indexOf(w);
      if (i >= 0 && !/[\w.-]/.test(text[i + w.length] ?? '') && !/\w/.test(text[i - 1] ?? '')) return this.hit(findings, w);
    }
    if (this.paths.length > 0 && text.length < 512 && (/[/~\\]/.test(text) || (place.cwd !== undefined && !/\s/.test(text))))
      this.path(text.replace(/^[^/~]*=(?=[/~])/, ''), place, findings);
    for (const v of this.variables) if (text.startsWith(`${v}=`)) this.hit(findings, v);
  }

  /** `NAME=value` before a command, in export, setenv, $env:NAME. */
  assignment(name: string, value: string | undefined, findings: Findings): void {
    if (this.variables.has(name)) this.hit(findings, name);
    else if (BASE_URL.test(name))
      findings.risk('disarm', 'gateway/base-url', 'catastrophic', `Points the agent past the gateway: sets ${name}`, name);
    else if (PROXY.test(name) && !/^no_/i.test(name) && (value ?? '') === '')
      findings.risk('disarm', 'gateway/proxy', 'catastrophic', `Takes the proxy away: empties ${name}`, name);
    else if (/^no_proxy$/i.test(name) && /\*|anthropic|openai/.test(value ?? ''))
      findings.risk('disarm', 'gateway/proxy', 'catastrophic', `Leads requests past the proxy: ${name}`, name);
    else if (PROXY.test(name)) findings.risk('disarm', 'gateway/proxy', 'risky', `Changes the proxy: ${name}`, name);
    else if (/^(?:LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_INSERT_LIBRARIES)$/.test(name)) {
      if (name !== 'LD_LIBRARY_PATH')
        findings.risk('persistence', 'shell/preload', 'risky', `Loads foreign code into programs by ${name}`, name);
    } else if (name === 'NODE_TLS_REJECT_UNAUTHORIZED' && value === '0')
      findings.risk('disarm', 'gateway/tls-off', 'risky', 'Turns off the checking of certificates', name);
    else if (name === 'HISTIGNORE' && value === '*')
      findings.risk('history', 'shell/history-off', 'risky', 'Turns off the shell history', name);
    else if (/^(?:HISTFILE|HISTSIZE|HISTFILESIZE)$/.test(name) && /^(?:0|\/dev\/null|)$/.test(value ?? ''))
      findings.risk('history', 'shell/history-off', 'risky', 'Turns off the shell history', name);
    else if (runsByVariable(name, value))
      findings.risk('persistence', 'shell/run-by-variable', 'risky', `Lets programs run or load something else by ${name}`, name);
    else if (
      /^(?:PROMPT_COMMAND|BASH_ENV|ENV|PERL5OPT|PYTHONSTARTUP|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|PAGER|NODE_OPTIONS)$/.test(name) &&
      /[;&|`$(/]/.test(value ?? '') &&
      !/^(?:less|more|cat)\b/.test(value ?? '')
    )
      findings.fact('persistence', name);
  }

  unset(name: string, findings: Findings): void {
    if (this.variables.has(name)) this.hit(findings, name);
    else if (PROXY.test(name)) findings.risk('disarm', 'gateway/proxy', 'catastrophic', `Takes the proxy away: unsets ${name}`, name);
    else if (BASE_URL.test(name))
      findings.risk('disarm', 'gateway/base-url', 'catastrophic', `Leads the agent past the gateway: unsets ${name}`, name);
    else if (/^HIST/.test(name)) findings.risk('history', 'shell/history-off', 'risky', 'Turns off the shell history', name);
  }
}
