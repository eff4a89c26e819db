import { SallyportError } from '../contract/index.js';

/** What waits for a disk that fails, or comes while it does, is refused with this: nothing passes unrecorded. */
export const notRecording = (reason = 'the disk failed'): SallyportError =>
  new SallyportError('not_recording', `The ledger cannot be written (${reason}), so nothing is let through. It resumes by itself.`);

const REASONS: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an error',
  EACCES: 'the data directory may not be written',
  EPERM: 'the data directory may not be written',
};

/** What a person can do something with, of the system's error. */
export function reasonOf(error: Error): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error.message : (diskReason(error) ?? `the disk failed: ${code}`);
}

/** The same where the error is the disk's; else undefined. */
export function diskReason(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code !== undefined && Object.hasOwn(REASONS, code) ? `${REASONS[code]}: ${code}` : undefined;
}
