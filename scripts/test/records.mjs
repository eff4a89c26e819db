/** A node:test reporter that writes one JSON line for each finished test: what scripts/test.mjs counts. */
export default async function* records(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details?.type === 'suite' && type === 'test:pass') continue;
    // A suite fails because a test in it failed (counted there), or by itself (a hook threw: counted here).
    if (data.details?.type === 'suite' && data.details.error?.failureType === 'subtestsFailed') continue;
    const error = data.details?.error;
    const cause = error?.cause;
    const why = cause instanceof Error ? cause.stack : (cause ?? error?.message);
    yield `${JSON.stringify({
      name: data.name,
      file: data.file,
      result: data.skip !== undefined ? 'skipped' : data.todo !== undefined ? 'todo' : type === 'test:pass' ? 'passed' : 'failed',
      ...(typeof data.skip === 'string' ? { reason: data.skip } : {}),
      ...(type === 'test:fail' ? { why: String(why ?? 'failed') } : {}),
      ms: Math.round(data.details?.duration_ms ?? 0),
    })}\n`;
  }
}
