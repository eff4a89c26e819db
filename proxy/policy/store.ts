/**
 * The policy that judges now. What an attacker could do here: save a weaker policy (needs a person's capability, checked by
 * `control` before this is called), edit a file by hand (takes effect only at a restart or a person's reload, and shows in the
 * revision of every record), or break a file (then everything is blocked, never judged by less).
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Person, type PresetName, SallyportError } from '../contract/index.js';
import type { SettingsStore } from '../settings/index.js';
import { runBacktest } from './backtest-run.js';
import type { BacktestInput, BacktestReport } from './backtest-types.js';
import type { PolicyPart } from './compile.js';
import type { PolicyDocument } from './document.js';
import { compileSources, type PolicySources } from './draft.js';
import { type ExampleReaders, runExamples } from './examples.js';
import { explainExchange } from './explain-exchange.js';
import { type ManagedSource, managedPathOf, readManaged } from './managed.js';
import { refuseAll, revisionOf } from './policy.js';
import { PRESETS, presetSource } from './presets.js';
import { readCached } from './read.js';
import { peopleOf, unsatisfiable } from './satisfiable.js';
import type { Policy, PolicyProblem, PolicyStore, PolicySummary, RecordedSource } from './types.js';

export interface PolicyStoreOptions {
  /** The data directory; user files live in `policies/` below it. */
  directory: string;
  settings: SettingsStore;
  /** Default path of the managed policy; absent: by OS convention; null: none. */
  managedPath?: string | null;
  /** Real detectors and command reader for examples that are plain text. */
  readers?: ExampleReaders;
  /** Recorded exchanges, for explain and (where `backtest` is absent) backtest. */
  recorded?: RecordedSource;
  /** Runs a backtest elsewhere: in a thread of its own, so that traffic does not wait for it. */
  backtest?(draft: PolicySources, input: BacktestInput, options: Parameters<PolicyStore['backtest']>[1]): Promise<BacktestReport>;
  /** Called with each change, before it takes effect; resolves when it is recorded. */
  onRecord?(meta: Record<string, unknown>): Promise<void>;
}

const NAME = /^[a-z0-9][a-z0-9_-]{0,59}\.(?:yaml|yml|json)$/;

type Part = PolicyPart & { source: string; path?: string };

function parse(source: string, where: string): { document: PolicyDocument; problems: PolicyProblem[] } {
  const { document, problems } = readCached(source);
  return { document, problems: problems.map((p) => ({ ...p, message: `${where}: ${p.message}` })) };
}

const wrong = (problems: readonly PolicyProblem[]) => problems.filter((p) => p.severity === 'error');

const sentence = (p: PolicyProblem) => `${p.message}${p.line === undefined ? '' : ` (line ${p.line}, column ${p.column})`}`;

class Store implements PolicyStore {
  problems: PolicyProblem[] = [];
  readonly #options: PolicyStoreOptions;
  readonly #listeners = new Set<(policy: Policy) => void>();
  readonly #directory: string;
  readonly #stopWatching: () => void;
  #parts: Part[] = [];
  #managed: ManagedSource | undefined;
  #policy: Policy = refuseAll('builtin/policy-unreadable', 'The policy is not loaded yet.');
  #loadedFor = '';

  constructor(options: PolicyStoreOptions) {
    this.#options = options;
    this.#directory = join(options.directory, 'policies');
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    this.#load(false);
    this.#stopWatching = options.settings.onChange(() => {
      if (this.#wanted() !== this.#loadedFor) this.#load(true);
    });
  }

  /** What of the settings the policy depends on. */
  #wanted(): string {
    const { policy, approvals, issuers } = this.#options.settings.get();
    return JSON.stringify([policy, approvals.expiresInSeconds, approvals.mustOpenClasses, issuers.some((i) => i.signIn)]);
  }

  #read(name: string): string {
    return readFileSync(join(this.#directory, name), 'utf8');
  }

  /** All parts in order, or the sentence why not. `replace`: a user file's source that is not on disk yet. */
  #collect(replace?: { name: string; source: string }): { parts: Part[]; managed: ManagedSource | undefined } {
    const { policy } = this.#options.settings.get();
    const defaultPath = this.#options.managedPath === undefined ? managedPathOf(process.platform, process.env) : this.#options.managedPath;
    const managed = readManaged(policy.managed, defaultPath);
    const parts: Part[] = [];
    const add = (part: Omit<Part, 'document'>) => {
      const { document, problems } = parse(part.source, part.path ?? part.name);
      const bad = wrong(problems);
      if (bad.length > 0) throw Object.assign(new Error(sentence(bad[0]!)), { problems: bad });
      parts.push({ ...part, document });
    };
    let top: Part | undefined;
    if (managed) {
      add({ name: 'managed', origin: 'managed', source: managed.source, path: managed.path });
      top = parts.pop();
    }
    const preset = top?.document.preset ?? policy.preset;
    add({ name: preset, origin: 'preset', source: presetSource(preset) });
    const stricter = top?.document.userRules === 'stricter';
    if (!top || stricter) {
      const files = [...policy.files];
      if (replace && !files.includes(replace.name)) files.push(replace.name);
      for (const name of files) {
        if (!NAME.test(name)) throw new Error(`The settings name a policy file that is not a plain file name: ${name.slice(0, 80)}`);
        if (replace?.name !== name && !existsSync(join(this.#directory, name)))
          throw new Error(`The policy file ${name} is missing in policies/`);
        const source = replace?.name === name ? replace.source : this.#read(name);
        add({ name: name.replace(/\.\w+$/, ''), origin: 'file', source, path: name, ...(stricter ? { mayExcept: false } : {}) });
      }
    }
    if (top) parts.push(top);
    return { parts, managed };
  }

  #sources(parts: Part[], managed: boolean): PolicySources {
    const { policy, approvals } = this.#options.settings.get();
    return {
      preset: parts.find((p) => p.origin === 'preset')?.name ?? policy.preset,
      managed,
      parts: parts.map(({ document: _, path: __, ...part }) => part),
      defaults: { expiresInSeconds: approvals.expiresInSeconds, mustOpenClasses: approvals.mustOpenClasses },
    };
  }

  #load(tell: boolean): void {
    this.#loadedFor = this.#wanted();
    const before = this.#policy.revision;
    try {
      const { parts, managed } = this.#collect();
      this.#policy = compileSources(this.#sources(parts, managed !== undefined));
      this.#parts = parts;
      this.#managed = managed;
      this.problems = [];
    } catch (e) {
      const message = e instanceof Error ? e.message : String(e);
      this.problems = (e as { problems?: PolicyProblem[] }).problems ?? [{ message, severity: 'error' }];
      this.#policy = refuseAll('builtin/policy-unreadable', `The policy cannot be read, so nothing is let through. ${message}`);
    }
    if (tell && this.#policy.revision !== before) for (const listener of [...this.#listeners]) listener(this.#policy);
  }

  current(): Policy {
    return this.#policy;
  }

  onChange(listener: (policy: Policy) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): PolicySummary[] {
    const { policy } = this.#options.settings.get();
    const active = new Set(this.#parts.map((p) => p.path ?? p.name));
    const summary = (name: string, kind: PolicySummary['source'], source: string, path?: string): PolicySummary => ({
      name,
      source: kind,
      active: kind === 'managed' || active.has(name),
      readOnly: kind !== 'file',
      rules: readCached(source).document.rules.length,
      revision: revisionOf([source]),
      ...(path === undefined ? {} : { path }),
    });
    const out = PRESETS.map((name) => summary(name, 'preset', presetSource(name)));
    const onDisk = readdirSync(this.#directory).filter((f) => NAME.test(f));
    for (const name of new Set([...policy.files.filter((f) => onDisk.includes(f)), ...onDisk.sort()]))
      out.push(summary(name, 'file', this.#read(name), join(this.#directory, name)));
    if (this.#managed) out.push(summary('managed', 'managed', this.#managed.source, this.#managed.path));
    return out;
  }

  async read(name: string) {
    const preset = PRESETS.find((p) => p === name);
    if (preset) return this.#shown(name, presetSource(preset), true);
    if (name === 'managed' && this.#managed) return this.#shown(name, this.#managed.source, true);
    if (!NAME.test(name) || !existsSync(join(this.#directory, name)))
      throw new SallyportError('not_found', `There is no policy "${name.slice(0, 80)}"`);
    return this.#shown(name, this.#read(name), false);
  }

  #shown(name: string, source: string, readOnly: boolean) {
    const format: 'yaml' | 'json' = name.endsWith('.json') || source.trimStart().startsWith('{') ? 'json' : 'yaml';
    return { name, source, format, revision: revisionOf([source]), readOnly };
  }

  async validate(source: string) {
    const { document, problems } = readCached(source);
    if (wrong(problems).length === 0) {
      problems.push(...unsatisfiable(document, peopleOf(this.#options.settings.get())));
      problems.push(...(await runExamples(document, this.#options.readers)));
    }
    for (const path of ['preset', 'userRules'] as const)
      if (document[path] !== undefined)
        problems.push({ message: `"${path}" only means something in a managed policy`, path, severity: 'warning' });
    return { ok: wrong(problems).length === 0, problems, rules: document.rules.map((r) => ({ id: r.id, action: r.does.action })) };
  }

  async save(input: { name: string; source: string; revision?: string; activate?: boolean }, person: Person): Promise<PolicySummary> {
    const { name, source } = input;
    if (!NAME.test(name))
      throw new SallyportError('invalid', 'A policy file is named with lower-case letters, digits and dashes, and ends in .yaml or .json');
    if (PRESETS.some((p) => name.startsWith(`${p}.`)) || name.startsWith('managed.') || name.startsWith('builtin.'))
      throw new SallyportError('invalid', `"${name}" is the name of a shipped policy: take another`);
    if (this.#managed && !this.#parts.some((p) => p.origin === 'managed' && p.document.userRules === 'stricter'))
      throw new SallyportError('forbidden', `The managed policy ${this.#managed.path} does not take rules of the user`, {
        rule: 'managed',
      });
    const path = join(this.#directory, name);
    const present = existsSync(path) ? revisionOf([this.#read(name)]) : undefined;
    if (input.revision !== undefined && input.revision !== present)
      throw new SallyportError('conflict', `The policy ${name} was changed meanwhile: read it again`, { details: { revision: present } });
    const checked = await this.validate(source);
    if (!checked.ok) throw new SallyportError('invalid', sentence(wrong(checked.problems)[0]!), { details: checked.problems });
    const activate = input.activate !== false;
    await this.#options.onRecord?.({ act: 'save', name, revision: revisionOf([source]), before: present, activate, person: person.id });
    const temporary = join(this.#directory, `.${name}.${process.pid}.tmp`);
    await writeFile(temporary, source, { mode: 0o600 });
    await rename(temporary, path);
    const { files } = this.#options.settings.get().policy;
    if (activate && !files.includes(name))
      await this.#options.settings.update((draft) => {
        draft.policy.files.push(name);
      });
    this.#load(true);
    return this.list().find((p) => p.name === name)!;
  }

  async remove(name: string, person: Person): Promise<void> {
    const { readOnly, revision } = await this.read(name);
    if (readOnly) throw new SallyportError('forbidden', `"${name}" is shipped or managed and cannot be removed`);
    await this.#options.onRecord?.({ act: 'remove', name, before: revision, person: person.id });
    await this.#options.settings.update((draft) => {
      draft.policy.files = draft.policy.files.filter((f) => f !== name);
    });
    await rm(join(this.#directory, name), { force: true });
    this.#load(true);
  }

  async setPreset(preset: PresetName, person: Person): Promise<void> {
    if (!PRESETS.includes(preset))
      throw new SallyportError('invalid', `There is no preset "${String(preset).slice(0, 40)}": ${PRESETS.join(', ')}`);
    if (this.#managed)
      throw new SallyportError('forbidden', `The managed policy ${this.#managed.path} decides about the preset`, { rule: 'managed' });
    await this.#options.onRecord?.({ act: 'preset', preset, before: this.#options.settings.get().policy.preset, person: person.id });
    await this.#options.settings.update((draft) => {
      draft.policy.preset = preset;
    });
    this.#load(true);
  }

  async reload(): Promise<void> {
    this.#load(true);
  }

  #draft(source: string, name = 'draft.yaml'): PolicySources {
    const bad = wrong(readCached(source).problems);
    if (bad.length > 0) throw new SallyportError('invalid', sentence(bad[0]!), { details: bad });
    const { parts, managed } = this.#collect({ name, source });
    return this.#sources(parts, managed !== undefined);
  }

  draft(source: string, name?: string): Policy {
    return compileSources(this.#draft(source, name));
  }

  async explain(exchange: string) {
    const recorded = await this.#options.recorded?.exchange(exchange);
    if (!recorded) throw new SallyportError('not_found', `No recorded exchange "${exchange.slice(0, 60)}"`);
    return explainExchange(this.#policy, recorded);
  }

  async backtest(...[input, options]: Parameters<PolicyStore['backtest']>) {
    const draft = this.#draft(input.source, input.name);
    const { backtest, recorded } = this.#options;
    if (backtest) return backtest(draft, input, options);
    if (!recorded) throw new SallyportError('not_found', 'There are no recorded exchanges to try the policy on');
    return runBacktest(compileSources(draft), recorded, input, options);
  }

  close(): void {
    this.#stopWatching();
    this.#listeners.clear();
  }
}

/**
 * Opens the policies of a data directory. Never throws for a bad policy: `current()` then blocks everything and says why.
 */
export async function openPolicies(options: PolicyStoreOptions): Promise<PolicyStore> {
  return new Store(options);
}
