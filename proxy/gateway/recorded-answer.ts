import type { ArrivalMeta, DialectName, EndMeta, Finding, Operation, PartKind } from '../contract/index.js';
import type { ExchangeDetail } from '../ledger/index.js';
import type { Subject } from '../policy/types.js';
import { type AnswerHooks, type ChannelInfo, dialects } from '../wire/index.js';

const KIND: Partial<Record<ChannelInfo['kind'], PartKind>> = { text: 'text', refusal: 'refusal', reasoning: 'reasoning' };

/** What the gateway itself put into an answer, in the place of what it took out. */
const OUR_WORDS = /\[Sallyport\] [^\n]*/g;

/** The texts of a recorded answer, read by the same dialect as when it passed: what live evaluation saw, masked. */
export async function answerParts(
  detail: ExchangeDetail,
  arrival: Pick<ArrivalMeta, 'dialect' | 'operation'>,
  end: EndMeta,
): Promise<NonNullable<Subject['part']>[]> {
  const texts = new Map<string, { kind: PartKind; text: string }>();
  if (detail.response !== undefined && end.status > 0) await readTexts(detail.response, arrival, end.status, texts).catch(() => {});
  const findings = new Map<string, Finding[]>();
  for (const { id, kind, finding } of end.answerFindings ?? []) {
    findings.set(id, [...(findings.get(id) ?? []), finding]);
    if (!texts.has(id)) texts.set(id, { kind: kind as PartKind, text: '' });
  }
  return [...texts].map(([id, { kind, text }]) => ({
    id,
    role: 'assistant' as const,
    kind,
    provenance: 'model' as const,
    findings: findings.get(id) ?? [],
    ...(text === '' ? {} : { text: text.replace(OUR_WORDS, '') }),
  }));
}

async function readTexts(
  response: string,
  arrival: Pick<ArrivalMeta, 'dialect' | 'operation'>,
  status: number,
  texts: Map<string, { kind: PartKind; text: string }>,
): Promise<void> {
  const hooks: AnswerHooks = {
    channel(info) {
      const kind = KIND[info.kind];
      const kept = { kind: kind ?? 'text', text: '' };
      if (kind) texts.set(info.id, kept);
      return {
        push(text) {
          kept.text += text;
          return { masked: text, clear: text };
        },
        flush: () => ({ masked: '', clear: '' }),
      };
    },
    toolCall: () => ({ action: 'release' }),
    idGiven() {},
    usage() {},
    notScanned() {},
  };
  const operation = arrival.operation as Operation;
  const own = dialects[arrival.dialect as DialectName] ?? dialects.http;
  const body = Buffer.from(response);
  if (!/^\s*[[{"]/.test(response) && status < 300 && own.name !== 'http') {
    const stream = own.streamAnswer(operation, hooks);
    stream.write(body);
    await stream.end();
    return;
  }
  const dialect = status < 300 && operation !== 'passthrough' ? own : dialects.http;
  const json = /^\s*[[{"]/.test(response) ? body : Buffer.from(JSON.stringify(response));
  await dialect.readAnswer(dialect === own ? operation : 'http', json, hooks);
}
