import { SallyportError } from '../contract/index.js';
import { diskReason } from '../ledger/index.js';

/** What the disk refused while the gateway was put together, in words that a person can act on; any other error as it is. */
export function startProblem(error: unknown, directory: string): unknown {
  const reason = diskReason(error);
  if (reason === undefined) return error;
  return new SallyportError(
    'not_recording',
    `The gateway cannot start: ${reason}, where its data lies (${directory}). Nothing is lost; mend that and start it again.`,
    { cause: error },
  );
}
