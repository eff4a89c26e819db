import type { ComponentChildren } from 'preact';
import type { Verdict } from '../../proxy/contract/index.js';
import type { Message, Piece } from '../api/conversation.js';
import { t } from '../strings/index.js';
import { Recorded } from './text.js';
import { VerdictLine } from './verdict.js';

/** Messages as a person reads them; verdicts stand at the part that they are about. */
export function Conversation({
  messages,
  verdicts,
  note,
}: {
  messages: readonly Message[];
  verdicts: readonly Verdict[];
  note?: (message: Message) => ComponentChildren;
}) {
  return (
    <ol class="conversation">
      {messages.map((message, i) => (
        <li key={`${message.at}-${i}`} class={`message ${message.role}`}>
          <div class="role">{t.roles[message.role]}</div>
          <div class="pieces">
            {message.pieces.map((piece, j) => (
              <PieceView key={j} piece={piece} />
            ))}
            {verdicts
              .filter((v) => belongs(v, message))
              .map((v, j) => (
                <VerdictLine key={j} verdict={v} />
              ))}
            {note?.(message)}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** A verdict's part id is the path of the string: `messages/1/content`. */
function belongs(verdict: Verdict, message: Message): boolean {
  const { partId } = verdict;
  if (partId === undefined || message.at === '') return false;
  return partId === message.at || partId.startsWith(`${message.at}/`);
}

function PieceView({ piece }: { piece: Piece }) {
  switch (piece.kind) {
    case 'text':
      return (
        <p class="text">
          <Recorded text={piece.text} />
        </p>
      );
    case 'reasoning':
      return (
        <details>
          <summary>{t.session.reasoning}</summary>
          <p class="text muted">
            <Recorded text={piece.text} />
          </p>
        </details>
      );
    case 'refusal':
      return (
        <p class="text">
          <span class="chip">{t.session.refusal}</span> <Recorded text={piece.text} />
        </p>
      );
    case 'call':
      return (
        <div class="call">
          <span class="chip info">{t.session.calls(piece.name)}</span>
          <pre class="code">
            <Recorded text={pretty(piece.arguments)} />
          </pre>
        </div>
      );
    case 'result':
      return (
        <div class="call">
          <span class="chip">{t.session.result}</span>
          <pre class="code">
            <Recorded text={piece.text} />
          </pre>
        </div>
      );
    case 'hole':
      return <p class="chip">{t.session.notScanned(piece.what)}</p>;
  }
}

/** Arguments on one line where they are short, else indented. */
export function pretty(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    return json.length < 80 ? json : JSON.stringify(value, null, 2);
  } catch {
    return json;
  }
}
