/** One plain line a step, so that a newcomer sees what is done to the machine. On stderr: standard output belongs to the product. */
export const say = (text) => process.stderr.write(`[setup] ${text}\n`);

/** A setup step that cannot go on; the message says what to do. */
export class SetupError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs `main` and turns a SetupError into a plain message and an exit code. */
export async function orExplain(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exit(error.exitCode);
  }
}
