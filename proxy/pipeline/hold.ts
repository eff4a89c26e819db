import { ticketKey } from '../approvals/index.js';
import type { ApprovalInput, Settlement } from '../approvals/types.js';
import { ACTIONS, type Approval, type ApprovalDemand, SallyportError, type Verdict } from '../contract/index.js';
import type { Exchange, JudgedPart } from './exchange.js';
import { keepAlive } from './keep-alive.js';
import { splice } from './mask.js';
import { append } from './record.js';
import type { Services } from './services.js';

/** What was shown and approved, by approval; a client's retry sends these bytes and no others. */
const approvedBodies = new WeakMap<
  Services,
  Map<string, { bytes: Buffer; stream: boolean; streamField?: { start: number; end: number } }>
>();

/**
 * Waits for a person where policy asks, and at a freeze. The approval is bound to the hash of the exact bytes that would be sent.
 * @throws SallyportError denied_by_person, approval_expired, approval_void, frozen
 */
export function hold(x: Exchange, s: Services): void | Promise<void> {
  if (x.asks.length === 0) return s.gate.frozen ? freeze(x, s) : undefined;
  return ask(x, s).then(() => (s.gate.frozen ? freeze(x, s) : undefined));
}

/** Held mid-flight until a person resumes or drops. */
export async function freeze(x: Exchange, s: Services): Promise<void> {
  while (s.gate.frozen) {
    const outcome = await keepAlive(x, s, Promise.resolve(s.gate.pass()));
    if (outcome === 'gone') throw new ClientGone();
    if (outcome === 'drop') throw new SallyportError('frozen', 'A person froze all agents and dropped what was waiting.');
  }
}

/** The client left; nothing is answered. */
export class ClientGone extends Error {}

async function ask(x: Exchange, s: Services): Promise<void> {
  const bodies = approvedBodies.get(s) ?? new Map();
  approvedBodies.set(s, bodies);
  const input: ApprovalInput = {
    kind: 'request',
    ticketKey: ticketKey({
      principal: x.principal.agentId,
      connection: x.connection.name,
      dialect: x.connection.dialect,
      model: x.model ?? '',
      body: x.body,
    }),
    agent: { id: x.principal.agentId, name: x.principal.name, owner: x.principal.owner },
    connection: x.connection.name,
    destination: x.connection.origin,
    ...(x.model === undefined ? {} : { model: x.model }),
    operation: x.operation,
    session: x.session.id,
    exchange: x.id,
    verdicts: x.asks.map((a) => a.verdict),
    demand: strictest(x.asks.map((a) => a.verdict)),
    policyRevision: x.policyRevision,
    digest: x.digest,
    shown: shownParts(x),
  };
  const ticket = s.approvals.attach(input);
  const approval = ticket.approval();
  if (!bodies.has(approval.id))
    bodies.set(approval.id, {
      bytes: x.outgoing,
      stream: x.stream,
      ...(x.reading?.streamField ? { streamField: x.reading.streamField } : {}),
    });
  try {
    const settlement = ticket.settlement ?? (await keepAlive(x, s, ticket.settled));
    if (settlement === 'gone') {
      ticket.detach();
      throw new ClientGone();
    }
    await settle(x, s, settlement, bodies);
  } finally {
    if (!isOpen(approval, s)) bodies.delete(approval.id);
  }
}

const isOpen = (approval: Approval, s: Services): boolean => s.approvals.get(approval.id)?.state === 'pending';

async function settle(
  x: Exchange,
  s: Services,
  settlement: Settlement,
  bodies: Map<string, { bytes: Buffer; stream: boolean; streamField?: { start: number; end: number } }>,
): Promise<void> {
  const { approval } = settlement;
  x.approvalId = approval.id;
  if (settlement.outcome !== 'approved') {
    if (settlement.outcome === 'denied')
      for (const { carryKey, verdict } of x.asks)
        x.session.carried.set(carryKey, {
          state: 'denied',
          rule: verdict.rule,
          approvalId: approval.id,
          ...(settlement.reason ? { reason: settlement.reason } : {}),
        });
    throw refusalOf(settlement);
  }
  const shown = bodies.get(approval.id);
  let sent = shown && !shown.bytes.equals(x.outgoing) ? deriveStream(shown, x.stream) : x.outgoing;
  if (settlement.edited) sent = applyEdits(x, settlement.edited);
  // The approval is of these bytes; policy, scope or key may not have changed meanwhile.
  if (!settlement.edited && settlement.via !== 'grant' && shown && approval.digest !== x.digest && sent === x.outgoing)
    throw new SallyportError('approval_void', 'The request differs from what was approved.');
  if (s.policy().revision !== x.policyRevision)
    throw new SallyportError(
      'approval_void',
      'The policy changed while the approval was pending. Send the request again to have it judged anew.',
    );
  if (settlement.via !== 'grant' && !s.approvals.use(approval.id, approval.digest))
    throw new SallyportError('approval_void', 'This approval was used already, or it ended meanwhile.');
  x.outgoing = sent;
  for (const { carryKey, verdict } of x.asks) {
    x.session.carried.set(carryKey, { state: 'approved', rule: verdict.rule, approvalId: approval.id });
    if (verdict.rule.includes('budget')) s.budgets?.lift(x.principal.agentId, carryKey.slice('budget:'.length));
  }
  await append(s, [
    {
      kind: 'forwarded',
      session: x.session.id,
      exchange: x.id,
      meta: {
        approval: approval.id,
        via: settlement.via,
        digest: approval.digest,
        destination: x.connection.origin,
        streamDerived: sent !== x.outgoing,
        edited: settlement.edited !== undefined,
      },
      ...(settlement.edited ? { content: { name: 'edit' as const, bytes: sent } } : {}),
    },
  ]);
}

/** The error that a client reads when it was not approved. */
export function refusalOf(settlement: Settlement): SallyportError {
  const rule = settlement.approval.verdicts[0]?.rule;
  const options = rule === undefined ? {} : { rule };
  switch (settlement.outcome) {
    case 'denied':
      return new SallyportError(
        'denied_by_person',
        `Denied${settlement.reason ? `: ${settlement.reason}` : ' by a person'}. (rule ${rule}, approval ${settlement.approval.code})`,
        options,
      );
    case 'expired':
      return new SallyportError('approval_expired', `Nobody approved this in time, so it is denied. (rule ${rule})`, options);
    case 'void':
      return new SallyportError('approval_void', undefined, options);
    default:
      return new SallyportError('denied_by_person', `The approval was withdrawn. (rule ${rule})`, options);
  }
}

function applyEdits(x: Exchange, edits: { partId: string; text: string }[]): Buffer {
  for (const edit of edits) {
    const judged = x.parts.find((p) => p.part.id === edit.partId);
    if (!judged?.part.rewritable) continue;
    judged.sent = edit.text;
    x.session.edits.set(judged.key, edit.text);
  }
  return splice(
    x.body,
    x.parts.filter((p): p is JudgedPart & { sent: string } => p.sent !== undefined).map((p) => ({ span: p.part.span, text: p.sent })),
  );
}

/** The approved body, with only its stream switch changed where the retry asks for the other form. */
export function deriveStream(
  shown: { bytes: Buffer; stream: boolean; streamField?: { start: number; end: number } },
  stream: boolean,
): Buffer {
  if (shown.stream === stream) return shown.bytes;
  const text = shown.bytes;
  // `streamField` is an offset of the unmasked body; masking may have moved it, so it is looked for again at the top level.
  const at = topLevelStream(text);
  if (at) return Buffer.concat([text.subarray(0, at.start), Buffer.from(String(stream)), text.subarray(at.end)]);
  const brace = text.indexOf('{');
  return Buffer.concat([text.subarray(0, brace + 1), Buffer.from(`"stream":${stream},`), text.subarray(brace + 1)]);
}

function topLevelStream(body: Buffer): { start: number; end: number } | undefined {
  const text = body.toString('latin1');
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '"') {
      let j = i + 1;
      while (j < text.length && text[j] !== '"') j += text[j] === '\\' ? 2 : 1;
      if (depth === 1 && text.slice(i, j + 1) === '"stream"') {
        const m = /^\s*:\s*(true|false)/.exec(text.slice(j + 1, j + 40));
        if (m) return { start: j + 1 + m[0].length - (m[1] as string).length, end: j + 1 + m[0].length };
      }
      i = j;
    } else if (c === '{' || c === '[') depth++;
    else if (c === '}' || c === ']') depth--;
  }
  return undefined;
}

/** The demand that satisfies all: most persons, shortest time, any separation. */
export function strictest(verdicts: readonly Verdict[]): ApprovalDemand {
  const demands = verdicts.map((v) => v.approval).filter((d): d is ApprovalDemand => d !== undefined);
  if (demands.length === 0) return { groups: [], minimum: 1, separateApprover: false, expiresInSeconds: 600, mustOpen: false };
  return {
    groups: demands.find((d) => d.groups.length > 0)?.groups ?? [],
    minimum: Math.max(...demands.map((d) => d.minimum)),
    separateApprover: demands.some((d) => d.separateApprover),
    expiresInSeconds: Math.min(...demands.map((d) => d.expiresInSeconds)),
    mustOpen: demands.some((d) => d.mustOpen),
  };
}

/** What a person must see: the parts that were asked about, and the last words of the user. All masked. */
function shownParts(x: Exchange): ApprovalInput['shown'] {
  const asked = new Set(x.asks.map((a) => a.verdict.partId));
  const out: ApprovalInput['shown'] = [];
  for (const judged of x.parts) {
    if (!asked.has(judged.part.id)) continue;
    const text = judged.recorded ?? judged.sent ?? judged.part.text ?? `(${judged.notScanned ?? 'not text'}, ${judged.part.bytes} bytes)`;
    out.push({
      partId: judged.part.id,
      title: `${judged.part.role} · ${judged.part.kind}`,
      text,
      findings: text === judged.part.text ? judged.findings : [],
    });
  }
  if (out.length === 0) {
    const last = x.parts.findLast((p) => p.part.role === 'user');
    if (last)
      out.push({ partId: last.part.id, title: 'user · text', text: last.recorded ?? last.sent ?? last.part.text ?? '', findings: [] });
  }
  return out;
}

export { ACTIONS };
