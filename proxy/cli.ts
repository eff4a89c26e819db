#!/usr/bin/env node
/** The `sallyport` command. Each verb is one file below cli/verbs, loaded only when it is used. */
import { processIo } from './cli/io.js';
import { run } from './cli/program.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone (`| head`): nobody is left to tell.
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const code = await run(process.argv.slice(2), processIo());
// `serve` keeps the process by its own listeners; everything else has ended here.
process.exitCode = code;
// A start that failed half-way may have left a worker or a timer: it must not look like a gateway that runs.
setTimeout(() => process.exit(code), 2_000).unref();
