import { connect } from 'node:net';

/** Sends bytes as they are and reads whatever comes back until the other side closes, or `quietMs` pass without a byte. */
export function sendRaw(origin: string, bytes: string | Buffer, quietMs = 15_000): Promise<{ status: number; body: string; all: string }> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    let all = '';
    const socket = connect(Number(port), hostname);
    const done = () => {
      socket.destroy();
      const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(all)?.[1] ?? 0);
      resolve({ status, body: all.slice(all.indexOf('\r\n\r\n') + 4), all });
    };
    socket.setTimeout(quietMs, done);
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk: Buffer) => {
      all += chunk.toString('utf8');
      if (/^HTTP\/1\.[01] [2-5]\d\d[\s\S]*?\r\n\r\n/.test(all) && /"(error|code)"[\s\S]*\}\s*$/.test(all)) done();
    });
    socket.on('error', done);
    socket.on('close', done);
  });
}
