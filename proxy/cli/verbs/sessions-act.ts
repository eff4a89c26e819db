import type { Context } from '../context.js';
import { Usage } from '../exit.js';
import { openReading } from '../reading.js';
import { when } from '../terminal.js';

export async function sessions(ctx: Context, options: { search?: string; limit?: string; cursor?: string }): Promise<void> {
  const limit = Number(options.limit ?? 20);
  if (!Number.isInteger(limit) || limit < 1 || limit > 500) throw new Usage('--limit is a number from 1 to 500.');
  const reading = await openReading(ctx);
  try {
    const page = await reading.sessions({
      limit,
      ...(options.search === undefined ? {} : { search: options.search }),
      ...(options.cursor === undefined ? {} : { cursor: options.cursor }),
    });
    ctx.print(page, ({ sessions: rows, total, nextCursor }) => {
      if (rows.length === 0) return options.search === undefined ? 'Nothing was recorded yet.' : 'Nothing recorded matches.';
      const list = ctx.table(
        ['SESSION', 'LAST', 'AGENT', 'EX', 'VERDICT', 'MODELS', 'TITLE'],
        rows.map((s) => [
          `${s.id}${s.starred ? ' ★' : ''}`,
          when(s.lastAt),
          s.agent,
          s.exchanges,
          s.interrupted > 0 ? `${s.strongest} (${s.interrupted} interrupted)` : s.strongest,
          s.models.join(','),
          s.title,
        ]),
      );
      return `${list}${ctx.paint.dim(`${rows.length} of ${total}${nextCursor === undefined ? '' : `; more: --cursor ${nextCursor}`}`)}`;
    });
  } finally {
    await reading.close();
  }
}
