import { hash } from 'node:crypto';
import { updateTaint } from '../commands/index.js';
import type { ToolContext } from '../commands/types.js';
import { type EndMeta, SallyportError, type ToolReading, type Verdict } from '../contract/index.js';
import type { ChannelReport, Vault } from '../mask/types.js';
import type { Judgement, Subject } from '../policy/types.js';
import type { HeldToolCall, ToolCallDecision } from '../wire/types.js';
import { baseSubject } from './decide.js';
import type { Exchange } from './exchange.js';
import { refusalOf } from './hold.js';
import { keepAlive } from './keep-alive.js';
import { lookAgain } from './look-again.js';
import { append, sentenceOf } from './record.js';
import type { Services } from './services.js';
import { shownReading } from './shown-reading.js';

/**
 * Judges a complete tool call on the arguments that the agent would run, records it (masked), and releases it, takes it out with a
 * refusal, or waits for a person. An approval is bound to the tool's name and the exact argument bytes.
 */
export async function judgeToolCall(
  x: Exchange,
  s: Services,
  call: HeldToolCall,
  report: ChannelReport | undefined,
): Promise<ToolCallDecision> {
  const policy = s.policy();
  const definition = x.reading?.tools.get(call.name);
  const read = readerOf(x, s, call.name, definition);
  const reading = await read(call.arguments);
  const shown = await shownReading(reading, call, read);
  const entities = [...new Set((report?.restored ?? []).map((entry) => entry.entity))];
  const base = baseSubject(x, s);
  const judgement: Judgement = policy.judge({
    ...base,
    direction: 'response',
    what: 'tool-call',
    part: argumentsPart(call, report),
    tool: { name: call.name, reading: { ...reading, risks: shown.risks }, arguments: call.maskedArguments, restoredEntities: entities },
  });
  let verdict: Verdict = { ...judgement.verdict, partId: `tool:${call.callId ?? call.name}`, risks: reading.risks.map((r) => r.id) };

  let args = call.arguments;
  if (entities.length > 0) {
    const restore = policy.restoreInto({ name: call.name, reading }, entities, base.agent);
    if (restore === 'no') args = call.maskedArguments;
    else if (restore === 'approve' || (report?.awkward.length ?? 0) > 0)
      verdict = stronger(verdict, policyAsk(policy.demand('builtin/restore'), entities, (report?.awkward.length ?? 0) > 0));
  }
  if ((report?.unmaskable.length ?? 0) > 0)
    verdict = stronger(verdict, policyAsk(policy.demand('builtin/unmaskable'), report?.unmaskable.map((f) => f.entity) ?? [], false));

  const digest = digestOf(call.name, args);
  const write = (outcome: EndMeta['toolCalls'][number]['outcome'], more: Record<string, unknown> = {}): Promise<void> => {
    x.toolCalls.push({ name: call.name, outcome });
    return append(s, [
      {
        kind: 'tool-call',
        session: x.session.id,
        exchange: x.id,
        meta: {
          name: call.name,
          ...(call.callId ? { callId: call.callId } : {}),
          toolClass: reading.toolClass,
          facts: shown.facts,
          risks: shown.risks,
          parsed: reading.parsed,
          verdict,
          outcome,
          digest,
          restored: args === call.arguments ? entities : [],
          ...(report?.findings.length ? { findings: report.findings.map(({ finding }) => finding) } : {}),
          ...more,
        },
        content: { name: 'arguments', bytes: Buffer.from(call.maskedArguments) },
      },
    ]);
  };
  const release = (): ToolCallDecision => {
    updateTaint(x.session.taint, reading);
    return args === call.arguments ? { action: 'release' } : { action: 'replace', arguments: args, maskedArguments: call.maskedArguments };
  };
  const remove = (sentence: string): ToolCallDecision => ({
    action: 'remove',
    text: `[Sallyport] The call of the tool "${call.name}" was not let through. ${sentence}`,
  });

  if (verdict.action !== 'allow') x.answerVerdicts.push(verdict);
  if (verdict.action === 'block') {
    await write('blocked');
    return remove(sentenceOf(verdict));
  }
  if (verdict.action !== 'approve') {
    await write('released');
    return release();
  }
  return ask(x, s, { call, args, shown, verdict, digest, write, release, remove });
}

interface Asked {
  call: HeldToolCall;
  args: string;
  shown: ToolReading;
  verdict: Verdict;
  digest: string;
  write(outcome: EndMeta['toolCalls'][number]['outcome'], more?: Record<string, unknown>): Promise<void>;
  release(): ToolCallDecision;
  remove(sentence: string): ToolCallDecision;
}

async function ask(
  x: Exchange,
  s: Services,
  { call, args, shown, verdict, digest, write, release, remove }: Asked,
): Promise<ToolCallDecision> {
  const revision = s.policy().revision;
  let edited: { clear: string; masked: string } | undefined;
  const ticket = s.approvals.attach({
    kind: 'tool-call',
    ticketKey: hash('sha256', `${x.principal.agentId}\0${x.session.id}\0${call.name}\0${args}`, 'hex'),
    agent: { id: x.principal.agentId, name: x.principal.name, owner: x.principal.owner },
    connection: x.connection.name,
    destination: 'agent',
    ...(x.model === undefined ? {} : { model: x.model }),
    operation: x.operation,
    session: x.session.id,
    exchange: x.id,
    tool: { name: call.name, facts: shown.facts, risks: shown.risks, arguments: call.maskedArguments },
    verdicts: [verdict],
    demand: verdict.approval ?? s.policy().demand(verdict.rule),
    policyRevision: revision,
    digest,
    async applyEdit(edits) {
      const text = edits.find((e) => e.partId === 'arguments')?.text;
      if (text === undefined) throw new SallyportError('invalid', 'Only the arguments of a call can be edited.');
      edited = await editCall(x, s, call, text, args === call.arguments);
      return { digest: digestOf(call.name, edited.clear), arguments: edited.masked };
    },
    shown: [{ partId: 'arguments', title: `arguments of ${call.name}`, text: call.maskedArguments, findings: [] }],
  });
  const settlement = ticket.settlement ?? (await keepAlive(x, s, ticket.settled));
  if (settlement === 'gone') {
    ticket.detach();
    return remove('The client went away.');
  }
  const { approval } = settlement;
  const how = { approval: approval.id, via: settlement.via };
  if (settlement.outcome !== 'approved') {
    await write('denied', how);
    return remove(refusalOf(settlement).message);
  }
  try {
    await lookAgain(x, s, revision);
  } catch (error) {
    if (!(error instanceof SallyportError)) throw error;
    await write('denied', { ...how, void: error.code });
    return remove(error.message);
  }
  if (!s.approvals.use(approval.id, approval.digest)) {
    await write('denied', { ...how, void: 'used or ended' });
    return remove('The approval was used already, or it ended meanwhile.');
  }
  if (settlement.edited) {
    if (!edited) {
      await write('denied', { ...how, void: 'edit not known' });
      return remove('The edited call is no longer known.');
    }
    await write('edited', { ...how, editedDigest: digestOf(call.name, edited.clear) });
    return { action: 'replace', arguments: edited.clear, maskedArguments: edited.masked };
  }
  await write('approved', how);
  return release();
}

/** Reads arguments of a tool as this exchange knows it. */
function readerOf(
  x: Exchange,
  s: Services,
  name: string,
  definition?: ToolContext['definition'],
): (args: string) => ToolReading | Promise<ToolReading> {
  return (args) =>
    s.commands.read(name, args, {
      ...(x.principal.cwd ? { cwd: x.principal.cwd } : {}),
      ...(definition ? { definition } : {}),
      protectedTargets: s.protectedTargets,
      taint: x.session.taint,
    });
}

const digestOf = (name: string, args: string): string => hash('sha256', `${name}\0${args}`, 'hex');

/** What was found in the arguments, as a part that rules can match. */
function argumentsPart(call: HeldToolCall, report: ChannelReport | undefined): NonNullable<Subject['part']> {
  const findings = (report?.findings ?? []).map(({ finding }) => finding);
  return {
    id: `tool:${call.callId ?? call.name}`,
    role: 'assistant',
    kind: 'tool-call',
    provenance: 'model',
    findings,
    text: call.maskedArguments,
  };
}

/** A person's arguments: JSON, judged like the model's, with placeholders put back as before. @throws SallyportError invalid, blocked_by_policy */
async function editCall(
  x: Exchange,
  s: Services,
  call: HeldToolCall,
  masked: string,
  restore: boolean,
): Promise<{ clear: string; masked: string }> {
  try {
    JSON.parse(masked);
  } catch (cause) {
    throw new SallyportError('invalid', 'The edited arguments are not JSON.', { cause });
  }
  const vault = x.session.vault as Vault;
  let clear = masked;
  if (restore)
    for (const entry of vault.entries())
      if (entry.reversible) clear = clear.replaceAll(entry.placeholder, () => JSON.stringify(entry.value).slice(1, -1));
  const read = readerOf(x, s, call.name);
  const reading = await read(clear);
  const { risks } = await shownReading(reading, { arguments: clear, maskedArguments: masked }, read);
  const { verdict } = s.policy().judge({
    ...baseSubject(x, s),
    direction: 'response',
    what: 'tool-call',
    tool: { name: call.name, reading: { ...reading, risks }, arguments: masked, restoredEntities: [] },
  });
  if (verdict.action === 'block') throw new SallyportError('blocked_by_policy', sentenceOf(verdict), { rule: verdict.rule });
  return { clear, masked };
}

const ORDER = ['allow', 'mask', 'approve', 'block'];
const stronger = (a: Verdict, b: Verdict): Verdict =>
  ORDER.indexOf(a.action) >= ORDER.indexOf(b.action)
    ? a
    : { ...b, ...(a.partId ? { partId: a.partId } : {}), ...(a.risks ? { risks: a.risks } : {}) };

function policyAsk(approval: Verdict['approval'], entities: string[], awkward: boolean): Verdict {
  return {
    action: 'approve',
    rule: awkward ? 'builtin/awkward-value' : 'builtin/restore',
    sentence: awkward
      ? 'A restored value holds characters that could change how the argument is read.'
      : 'Masked values would be put back into the arguments of a tool that can send them on.',
    entities,
    ...(approval ? { approval } : {}),
  };
}
