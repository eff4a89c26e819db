import type { SecretStore } from '../contract/index.js';
import { decodeContent } from './content.js';
import { exchangeDetail, type HashedLine, hashedLine } from './detail.js';
import { masterKey } from './keys.js';
import { type LedgerLine, parseLine } from './line.js';
import { ledgerPaths, listSegments } from './paths.js';
import { scanSegment } from './scan.js';
import { beginSession, foldLine, type SessionFold, sumUp } from './session-fold.js';
import { readSessionKey } from './slot-file.js';
import { titleOf } from './title.js';
import type { LedgerReader, SessionDetail, SessionQuery, SessionRow } from './types.js';

/**
 * Reads straight from the segments, with no index: slow on a large ledger, right on any. Used where no index can be had,
 * and by tests as the measure of what the index says.
 */
export async function openScanReader(options: { directory: string; secrets: SecretStore }): Promise<LedgerReader> {
  const paths = ledgerPaths(options.directory);
  const master = await masterKey(options.secrets, false);
  const keyOf = (session: string) => (master ? readSessionKey(paths.keys, master, session) : undefined);

  async function* lines(): AsyncGenerator<{ line: LedgerLine; bytes: Buffer }> {
    for (const segment of listSegments(paths.segments)) {
      for await (const raw of scanSegment(paths.segments, segment)) {
        const line = raw.complete ? parseLine(raw.bytes.toString('utf8')) : undefined;
        if (line) yield { line, bytes: raw.bytes };
      }
    }
  }

  async function fold(wanted?: string): Promise<{ sessions: Map<string, SessionFold>; bySequence: Map<number, HashedLine> }> {
    const sessions = new Map<string, SessionFold>();
    const bySequence = new Map<number, HashedLine>();
    for await (const { line, bytes } of lines()) {
      const id = line.session;
      if (id === undefined || (wanted !== undefined && id !== wanted)) continue;
      let session = sessions.get(id);
      if (!session) {
        session = beginSession(id, line.at);
        sessions.set(id, session);
      }
      foldLine(session, line);
      if (wanted !== undefined || line.seq === session.titleSequence) bySequence.set(line.seq, hashedLine(line, bytes));
    }
    return { sessions, bySequence };
  }

  async function textAt(session: string, sequence: number | undefined, bySequence: Map<number, HashedLine>): Promise<string> {
    const line = sequence === undefined ? undefined : bySequence.get(sequence)?.line;
    const key = line && keyOf(session);
    const bytes = line && key && (await decodeContent(line, key, (n) => bySequence.get(n)?.line));
    return bytes ? bytes.toString('utf8') : '';
  }

  async function row(session: SessionFold, bySequence: Map<number, HashedLine>): Promise<SessionRow> {
    const text = await textAt(session.id, session.titleSequence, bySequence);
    return { ...sumUp(session), title: session.renamed ? text : titleOf(text) };
  }

  return {
    async sessions(query: SessionQuery) {
      const { sessions, bySequence } = await fold();
      const all = [...sessions.values()].filter((s) => s.exchangeRows.size > 0).sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
      const from = Number(query.cursor ?? 0);
      const limit = query.limit ?? 50;
      const rows = await Promise.all(all.slice(from, from + limit).map((session) => row(session, bySequence)));
      return { sessions: rows, total: all.length, ...(from + limit < all.length ? { nextCursor: String(from + limit) } : {}) };
    },
    async session(id): Promise<SessionDetail | undefined> {
      const { sessions, bySequence } = await fold(id);
      const session = sessions.get(id);
      if (!session) return undefined;
      const notes = await Promise.all(
        session.notes.map(async ({ at, person, sequence }) => ({ at, person, text: await textAt(id, sequence, bySequence) })),
      );
      return { ...(await row(session, bySequence)), exchangesList: [...session.exchangeRows.values()], notes };
    },
    async exchange(id) {
      let session: string | undefined;
      for await (const { line } of lines()) if (line.exchange === id && line.session) session = line.session;
      if (session === undefined) return undefined;
      const { sessions, bySequence } = await fold(session);
      const found = sessions.get(session)?.exchangeRows.get(id);
      const own = [...bySequence.values()].filter(({ line }) => line.exchange === id);
      return found && exchangeDetail(found, own, keyOf(session), (n) => bySequence.get(n)?.line);
    },
    async close() {},
  };
}
