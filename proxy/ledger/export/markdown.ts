import type { ExportSource } from './index.js';
import { answerText, messagesOf } from './text.js';

/** A transcript for people. Messages that an earlier exchange of the session showed already are not repeated. */
export async function* markdownParts(source: ExportSource): AsyncGenerator<string> {
  for (const id of source.sessions) {
    const detail = await source.detail(id);
    yield `# ${oneLine(await source.show(id, detail.title)) || id}\n\n`;
    yield `Session \`${id}\` · agent ${oneLine(detail.agent)} · ${detail.startedAt} to ${detail.lastAt} · ${detail.exchanges} exchanges`;
    yield `${detail.labels.length > 0 ? ` · labels ${detail.labels.join(', ')}` : ''}\n\n`;
    for (const note of detail.notes) yield `> Note of ${oneLine(note.person)}, ${note.at}: ${oneLine(note.text)}\n\n`;
    let shown: string[] = [];
    for await (const exchange of source.exchanges(detail)) {
      yield `## ${exchange.at} ${exchange.operation} ${exchange.model ?? ''}\n\n`;
      yield `Exchange \`${exchange.id}\` · ${exchange.outcome} · status ${exchange.status} · ${exchange.totalMs} ms · strongest verdict: ${exchange.strongest}\n\n`;
      const messages = messagesOf(await source.show(id, exchange.request ?? ''));
      const lines = messages.map(({ role, text }) => `**${role}**\n\n${fence(text)}\n\n`);
      let same = 0;
      while (same < shown.length && same < lines.length && shown[same] === lines[same]) same++;
      if (same > 0) yield `*${same} earlier messages are not repeated.*\n\n`;
      yield lines.slice(same).join('');
      shown = lines;
      for (const event of exchange.events) {
        if (event.kind === 'tool-call')
          yield `- tool call \`${oneLine(String(event.meta['name'] ?? ''))}\`: ${oneLine(String(event.meta['outcome'] ?? ''))}\n`;
        if (event.kind === 'decision')
          yield `- decision: ${oneLine(JSON.stringify(event.meta['decision'] ?? event.meta['state'] ?? ''))}\n`;
      }
      if (exchange.response !== undefined) yield `\n**answer**\n\n${fence(answerText(await source.show(id, exchange.response)))}\n\n`;
      else if (exchange.request === undefined) yield '*The content of this session was forgotten.*\n\n';
    }
  }
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A fence longer than any in the text, so that recorded text cannot leave it. */
function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}text\n${text}\n${ticks}`;
}
