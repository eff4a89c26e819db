import type { ToolReading } from '../contract/index.js';
import { grammarReady, loadGrammars } from './grammars.js';
import { readNow } from './read-now.js';
import { ReadingThread } from './reading-thread.js';
import type { CommandReader } from './types.js';
import { warmUp } from './warm-up.js';

/** Raised with every change of what is found; cached readings of another revision are read anew. */
export const REVISION = 'commands-5';

/** Arguments longer than this (UTF-16 units) are read on a thread of their own, with a watchdog. */
const INLINE_LENGTH = 4096;
/** So many openings of quotes, substitutions or groups make a short text slow: read on the thread as well. */
const INLINE_OPENINGS = 120;

export interface CommandReaderOptions {
  /** Read everything on the calling thread (tests, tools that measure). The default leaves what may be slow to a thread. */
  inline?: boolean;
  /** Milliseconds until a reading on the thread is given up and called unparsed. Default 1500. */
  patience?: number;
}

/** Makes the reader of tool calls. Cheap; the grammars load at the first `ready()` or `read()`, the thread at the first long text. */
export function createCommandReader(options: CommandReaderOptions = {}): CommandReader {
  let failed = false;
  let thread: ReadingThread | undefined;
  const ready = async (): Promise<void> => {
    try {
      await loadGrammars();
      if (!options.inline) warmUp();
    } catch (error) {
      failed = true;
      throw error;
    }
  };
  return {
    revision: REVISION,
    ready,
    read(toolName, argumentsText, context): ToolReading | Promise<ToolReading> {
      if (!options.inline && mayBeSlow(argumentsText)) {
        thread ??= new ReadingThread(options.patience ?? 1500);
        return thread.read(toolName, argumentsText, context);
      }
      if (failed || grammarReady('bash')) return readNow(toolName, argumentsText, context);
      return ready().then(
        () => readNow(toolName, argumentsText, context),
        () => readNow(toolName, argumentsText, context),
      );
    },
  };
}

function mayBeSlow(text: string): boolean {
  if (text.length > INLINE_LENGTH) return true;
  if (text.length < INLINE_OPENINGS * 2) return false;
  let openings = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    // " ' ( ` { are 34 39 40 96 123
    if ((c === 40 || c === 96 || c === 123) && ++openings > INLINE_OPENINGS) return true;
  }
  return false;
}
