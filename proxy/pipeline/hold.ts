import { hash } from 'node:crypto';
import { ticketKey } from '../approvals/index.js';
import type { ApprovalInput, Settlement } from '../approvals/types.js';
import { SallyportError } from '../contract/index.js';
import { mergeDemands } from '../policy/index.js';
import type { Exchange } from './exchange.js';
import { keepAlive } from './keep-alive.js';
import { lookAgain } from './look-again.js';
import { maskEdit, splice } from './mask.js';
import { append } from './record.js';
import type { Services } from './services.js';

/** What was shown for an approval: a client's retry sends these bytes and no others. */
interface Shown {
  bytes: Buffer;
  stream: boolean;
  /** What a person's edit made of them, and the new texts by part id. */
  edited?: { bytes: Buffer; texts: Map<string, string> };
}

const shownBodies = new WeakMap<Services, Map<string, Shown>>();
/** Beyond this, bodies of approvals that ended are dropped. */
const MANY = 200;

/**
 * Waits for a person where policy asks, and at a freeze. The approval is bound to the hash of the exact bytes that would be sent, and
 * whoever sent them must still be let in when the wait is over.
 * @throws SallyportError denied_by_person, approval_expired, approval_void, frozen; what `lookAgain` throws
 */
export function hold(x: Exchange, s: Services): void | Promise<void> {
  if (x.asks.length === 0) return s.gate.frozen ? thaw(x, s) : undefined;
  return ask(x, s).then(() => (s.gate.frozen ? thaw(x, s) : undefined));
}

/** A request that a freeze held is looked at again before it is sent. */
async function thaw(x: Exchange, s: Services): Promise<void> {
  do {
    await freeze(x, s);
    await lookAgain(x, s);
  } while (s.gate.frozen);
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
  const mine: Shown = { bytes: x.outgoing, stream: x.stream };
  const verdicts = x.asks.map((a) => a.verdict);
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
    verdicts,
    demand: mergeDemands(verdicts.map((v) => v.approval ?? s.policy().demand(v.rule))),
    policyRevision: x.policyRevision,
    digest: x.digest,
    shown: shownParts(x),
    applyEdit(edits) {
      mine.edited = edit(x, s, edits);
      return { digest: hash('sha256', mine.edited.bytes, 'hex') };
    },
  };
  const ticket = s.approvals.attach(input);
  const { id } = ticket.approval();
  const bodies = bodiesOf(s);
  if (!bodies.has(id)) bodies.set(id, mine);
  const settlement = ticket.settlement ?? (await keepAlive(x, s, ticket.settled));
  if (settlement === 'gone') {
    ticket.detach();
    throw new ClientGone();
  }
  await settle(x, s, settlement, bodies.get(id) ?? mine);
}

function bodiesOf(s: Services): Map<string, Shown> {
  const bodies = shownBodies.get(s) ?? new Map<string, Shown>();
  shownBodies.set(s, bodies);
  if (bodies.size > MANY)
    for (const id of bodies.keys()) if (!['pending', 'approved'].includes(s.approvals.get(id)?.state ?? '')) bodies.delete(id);
  return bodies;
}

async function settle(x: Exchange, s: Services, settlement: Settlement, shown: Shown): Promise<void> {
  const { approval } = settlement;
  // What made an approval void is often that its agent is not let in any more: then that is what the client is told.
  if (settlement.outcome === 'approved' || settlement.outcome === 'void') await lookAgain(x, s);
  if (settlement.outcome !== 'approved') {
    if (settlement.outcome === 'denied') carry(x, s, 'denied', approval.id, settlement.reason);
    throw refusalOf(settlement);
  }
  // What was shown and approved is what is sent; only the stream switch of a retry may differ.
  const edited = settlement.edited ? shown.edited : undefined;
  if (settlement.edited && !edited) throw new SallyportError('approval_void', 'The edited request is no longer known.');
  const approved = edited?.bytes ?? (settlement.via === 'grant' ? x.outgoing : shown.bytes);
  const sent = settlement.via === 'grant' ? approved : deriveStream(approved, shown.stream, x.stream);
  if (!s.approvals.use(approval.id, approval.digest))
    throw new SallyportError('approval_void', 'This approval was used already, or it ended meanwhile.');
  const derived = sent !== approved;
  carry(x, s, 'approved', approval.id);
  if (edited)
    for (const judged of x.parts) {
      const text = edited.texts.get(judged.part.id);
      if (text === undefined) continue;
      x.session.edits.set(judged.key, text);
      // Masked anew at the next turn, with the edit in its place.
      delete x.session.parts.get(judged.key)?.judged;
    }
  x.outgoing = sent;
  bodiesOf(s).delete(approval.id);
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
        streamDerived: derived,
        edited: edited !== undefined,
      },
      ...(edited ? { content: { name: 'edit' as const, bytes: sent } } : {}),
    },
  ]);
}

/** The decision covers these parts for the session. A budget is asked about anew each time that it is reached. */
function carry(x: Exchange, s: Services, state: 'approved' | 'denied', approvalId: string, reason?: string): void {
  for (const { carryKey, verdict } of x.asks) {
    if (carryKey.startsWith('budget:')) {
      if (state === 'approved') s.budgets?.lift(x.principal.agentId, carryKey.slice('budget:'.length));
    } else x.session.carried.set(carryKey, { state, rule: verdict.rule, approvalId, ...(reason ? { reason } : {}) });
  }
}

/** The error that a client reads when it was not approved. */
export function refusalOf(settlement: Settlement): SallyportError {
  const rule = settlement.approval.verdicts[0]?.rule;
  const options = rule === undefined ? {} : { rule };
  switch (settlement.outcome) {
    case 'denied':
      return new SallyportError(
        'denied_by_person',
        `Denied${settlement.reason ? `: ${settlement.reason.replace(/[.\\s]+$/, '')}` : ' by a person'}. (rule ${rule}, approval ${settlement.approval.code})`,
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

/** The body with a person's words in the place of parts; values in them are masked like any other. */
function edit(x: Exchange, s: Services, edits: { partId: string; text: string }[]): { bytes: Buffer; texts: Map<string, string> } {
  const texts = new Map<string, string>();
  for (const { partId, text } of edits) {
    const judged = x.parts.find((p) => p.part.id === partId);
    if (!judged?.part.rewritable) throw new SallyportError('invalid', `The part ${partId} cannot be edited.`);
    texts.set(partId, maskEdit(x, s, judged, text));
  }
  const pieces = x.parts.flatMap((p) => {
    const text = texts.get(p.part.id) ?? p.sent;
    return text === undefined ? [] : [{ span: p.part.span, text }];
  });
  return { bytes: splice(x.body, pieces), texts };
}

/** The approved body, with only its stream switch changed where the retry asks for the other form. */
export function deriveStream(body: Buffer, was: boolean, stream: boolean): Buffer {
  if (was === stream) return body;
  const at = topLevelStream(body);
  if (at) return Buffer.concat([body.subarray(0, at.start), Buffer.from(String(stream)), body.subarray(at.end)]);
  const brace = body.indexOf('{');
  return Buffer.concat([body.subarray(0, brace + 1), Buffer.from(`"stream":${stream},`), body.subarray(brace + 1)]);
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
