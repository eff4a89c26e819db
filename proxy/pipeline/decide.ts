import { ACTIONS, type Action, type Verdict } from '../contract/index.js';
import { authorizeScope } from '../identity/index.js';
import { budgetSentence } from '../policy/index.js';
import type { Judgement, Policy, Subject } from '../policy/types.js';
import { checkClientHeaders } from './client-headers.js';
import type { Exchange, JudgedPart } from './exchange.js';
import type { Services } from './services.js';

/** Categories of values that never stand in the ledger in clear, whatever policy lets pass to the provider. */
const NEVER_RECORDED = new Set(['secret', 'financial', 'national-id', 'health', 'contact', 'person', 'network', 'custom']);
const NO_ACTIONS: Action[] = [];

/**
 * Findings × policy → verdicts, each with its rule and a sentence; the strongest wins. Approved parts are carried over within the
 * session, denied ones are refused without asking again.
 * @throws SallyportError model_not_allowed
 */
export function decide(x: Exchange, s: Services): void {
  authorizeScope(x.principal, {
    connection: x.connection.name,
    operation: x.operation,
    ...(x.model === undefined ? {} : { model: x.model }),
  });
  const policy = s.policy();
  x.policyRevision = policy.revision;
  const base = baseSubject(x, s);
  const judgementKey = `${policy.revision}\n${x.model ?? ''}\n${x.connection.name}\n${x.operation}\n${x.principal.groups.join()}${policy.timeDependent ? `\n${base.time.minutes}` : ''}`;

  push(x, policy.judge({ ...base, what: 'exchange' }).verdict, `exchange:${x.operation}`);
  const budget = s.budgets?.reached(x.principal.agentId);
  if (budget) {
    // A budget is a soft stop: where no rule says more, a person is asked to continue.
    const { verdict } = policy.judge({ ...base, what: 'exchange', budget });
    const rule = 'builtin/budget';
    const sentence = budgetSentence(budget);
    push(
      x,
      verdict.action === 'allow' ? { action: 'approve', rule, sentence, approval: policy.demand(rule) } : verdict,
      `budget:${budget.id}`,
    );
  }

  checkClientHeaders(x, s);
  for (const judged of x.parts) judgePart(x, policy, base, judged, judgementKey);

  for (const tool of x.reading?.providerTools ?? []) {
    const { verdict } = policy.judge({
      ...base,
      what: 'provider-tool',
      providerTool: { name: tool.name, kind: tool.kind, ...(tool.host ? { host: tool.host } : {}) },
    });
    push(
      x,
      { ...verdict, partId: tool.partId, notScanned: { reason: 'provider-tool', provenance: 'unknown' } },
      `tool:${tool.kind}:${tool.name}:${tool.host ?? ''}`,
    );
    x.coverage.notScanned.push({ partId: tool.partId, reason: 'provider-tool', bytes: 0, provenance: 'unknown' });
  }
  for (const history of x.reading?.providerHistory ?? []) {
    // History that went through this gateway is in our own record; only what we never saw is not scanned.
    if (history.id !== undefined && s.sessions.assignedTo(x.principal.agentId, history.id)) continue;
    if (history.id === undefined) continue;
    const notScanned = { reason: 'provider-history' as const, bytes: 0 };
    const { verdict } = policy.judge({ ...base, what: 'provider-history', notScanned });
    push(
      x,
      { ...verdict, partId: history.field, notScanned: { reason: 'provider-history', provenance: 'unknown' } },
      `history:${history.field}:${history.id}`,
    );
    x.coverage.notScanned.push({ partId: history.field, reason: 'provider-history', bytes: 0, provenance: 'unknown' });
  }
  if (!x.inspected && x.operation === 'passthrough') {
    const { verdict } = policy.judge({
      ...base,
      what: 'not-scanned',
      notScanned: { reason: 'passthrough', bytes: x.coverage.notScanned[0]?.bytes ?? 0 },
    });
    push(x, { ...verdict, notScanned: { reason: 'passthrough', provenance: 'unknown' } }, `passthrough:${x.path}`);
  }
}

function judgePart(x: Exchange, policy: Policy, base: Omit<Subject, 'what'>, judged: JudgedPart, judgementKey: string): void {
  const { part } = judged;
  // Instructions in what a tool or a document brought: risky calls that follow are asked about, whatever they look like.
  if ((part.provenance === 'tool' || part.provenance === 'document') && judged.findings.some((f) => f.category === 'prompt'))
    x.session.taint.untrustedText = true;
  const known = x.session.parts.get(judged.key);
  if (known?.judged === judgementKey) {
    if (known.sent !== undefined) judged.sent = known.sent;
    if (known.recorded !== undefined) judged.recorded = known.recorded;
    judged.findingActions = known.findingActions ?? [];
    if (known.verdict) push(x, { ...known.verdict, partId: part.id }, judged.key, judged);
    judged.known = true;
    return;
  }
  const verdict = verdictOn(judged, policy, base);
  judged.judgementKey = judgementKey;
  if (known) {
    // Only masking completes it (mask.ts): until then an equal part, of this or another request, must not count as done.
    delete known.judged;
    known.findingActions = judged.findingActions;
    if (verdict) known.verdict = verdict;
    else delete known.verdict;
    delete known.sent;
    delete known.recorded;
  }
  if (verdict) push(x, verdict, judged.key, judged);
}

/** The verdict on a part, where it is one to be told: more than that it passes. */
function verdictOn(judged: JudgedPart, policy: Policy, base: Omit<Subject, 'what'>): Verdict | undefined {
  const { part } = judged;
  // Most parts of most conversations: nothing was found in them and no rule asks for more.
  if (policy.cleanPartsPass && judged.findings.length === 0 && judged.notScanned === undefined) {
    judged.findingActions = NO_ACTIONS;
    return undefined;
  }
  const facts = {
    id: part.id,
    role: part.role,
    kind: part.kind,
    provenance: part.provenance,
    findings: judged.findings,
    ...(part.text === undefined ? {} : { text: part.text }),
  };
  const judgement: Judgement = policy.judge({ ...base, what: 'part', part: facts });
  judged.findingActions = judgement.findingActions;
  if (judgement.irreversible) judged.irreversible = judgement.irreversible;
  let verdict: Verdict = { ...judgement.verdict, partId: part.id };
  if (judged.notScanned) {
    const second = policy.judge({
      ...base,
      what: 'not-scanned',
      part: facts,
      notScanned: { reason: judged.notScanned, bytes: part.bytes },
    }).verdict;
    if (ACTIONS.indexOf(second.action) >= ACTIONS.indexOf(verdict.action))
      verdict = { ...second, partId: part.id, notScanned: { reason: judged.notScanned, provenance: part.provenance } };
  }
  // What may not be rewritten cannot be masked: it goes to a person instead.
  if (verdict.action === 'mask' && !part.rewritable)
    verdict = {
      ...verdict,
      action: 'approve',
      sentence: `${verdict.sentence} This content is signed by the provider and cannot be rewritten.`,
      approval: policy.demand(verdict.rule),
    };
  return verdict.action !== 'allow' || judged.notScanned !== undefined ? verdict : undefined;
}

/** Adds a verdict; what was decided in this session before is carried over, visibly. */
function push(x: Exchange, verdict: Verdict, carryKey: string, judged?: JudgedPart): void {
  if (verdict.action === 'approve') {
    const carried = x.session.carried.get(carryKey);
    if (carried && carried.rule === verdict.rule) {
      if (carried.state === 'denied') {
        x.verdicts.push({ ...verdict, carriedOver: true });
        x.deniedBefore = carried;
        return;
      }
      verdict = { ...verdict, action: 'allow', carriedOver: true };
    } else x.asks.push({ carryKey, verdict });
  }
  if (judged) judged.verdict = verdict;
  if (verdict.action !== 'allow' || verdict.notScanned || verdict.carriedOver) x.verdicts.push(verdict);
}

/** Everything that is the same for all subjects of an exchange. */
export function baseSubject(x: Exchange, s: Services): Omit<Subject, 'what'> {
  const now = new Date(s.clock.now());
  return {
    agent: { id: x.principal.agentId, name: x.principal.name, groups: x.principal.groups, owner: x.principal.owner },
    connection: x.connection.name,
    operation: x.operation,
    ...(x.model === undefined ? {} : { model: x.model }),
    direction: 'request',
    time: { minutes: now.getHours() * 60 + now.getMinutes(), weekday: now.getDay() === 0 ? 7 : now.getDay() },
    bytes: x.body.length,
  };
}

/** Must this finding be replaced in what the provider gets? And in what the ledger keeps? */
export function placesOf(action: Action, category: string, testValue: boolean | undefined): { sent: boolean; recorded: boolean } {
  if (category === 'prompt') return { sent: false, recorded: false };
  const sent = action !== 'allow';
  return { sent, recorded: sent || (NEVER_RECORDED.has(category) && !testValue) };
}
