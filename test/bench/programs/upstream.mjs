// The simulated provider: an OpenAI-like upstream on raw sockets, so that it is never the bottleneck. The model's name picks what it
// does: `json-BYTES`, `echo` (the last message comes back), `sse-CHUNKS-MS`, `tool-CHUNKS-MS`, `hang-MS`, `blob-MB`.
// Also the issuer of the bench's tokens (`/.well-known/openid-configuration`, `/jwks`), and `/stats`.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const port = Number(process.env.PORT);
const jwks = process.env.JWKS ? readFileSync(process.env.JWKS) : Buffer.from('{"keys":[]}');
const stats = { requests: 0, open: 0, lastClosedNs: 0, sentBytes: 0 };
const MODEL = Buffer.from('"model":"');
const HEAD_END = Buffer.from('\r\n\r\n');
const SSE = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n';

const completion = (text) =>
  JSON.stringify({
    id: 'chatcmpl-bench',
    object: 'chat.completion',
    created: 1,
    model: 'bench',
    choices: [{ index: 0, message: { role: 'assistant', content: text, refusal: null }, logprobs: null, finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 },
  });
const answer = (body, type = 'application/json') =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`), Buffer.from(body)]);
const prose = (bytes) => 'All is well and the notes are in order. '.repeat(Math.ceil(bytes / 40)).slice(0, bytes);
const canned = new Map();
const json = (bytes) => {
  let found = canned.get(bytes);
  if (!found) canned.set(bytes, (found = answer(completion(prose(Math.max(0, bytes - 260))))));
  return found;
};
const framed = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (delta, finish = null) =>
  `data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1,"model":"bench","choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":${finish}}],"t":${process.hrtime.bigint()}}\n\n`;
const WORDS = ['The ', 'notes ', 'say ', 'that ', 'all ', 'is ', 'well; ', 'nobody ', 'asked ', 'for ', 'more. '];

function stream(socket, count, ms, make, last) {
  stats.open++;
  socket.write(SSE);
  let i = 0;
  let over = false;
  const left = () => {
    if (over) return;
    over = true;
    stats.open--;
    stats.lastClosedNs = Number(process.hrtime.bigint());
    clearInterval(timer);
    socket.off('close', left);
  };
  socket.on('close', left);
  const step = () => {
    if (over || socket.destroyed) return false;
    if (i < count) {
      socket.write(framed(make(i++)));
      return true;
    }
    left();
    socket.write(`${framed(`${last()}data: [DONE]\n\n`)}0\r\n\r\n`);
    return false;
  };
  let timer;
  if (ms > 0) {
    step();
    timer = setInterval(step, ms);
  } else {
    const run = () => {
      for (let n = 0; n < 8; n++) if (!step()) return;
      setImmediate(run);
    };
    run();
  }
}

function blob(socket, megabytes) {
  stats.open++;
  socket.write(SSE);
  socket.on('close', () => stats.open--);
  const fill = prose(16 * 1024);
  let left = megabytes * 64;
  const pump = () => {
    while (left-- > 0) {
      if (socket.destroyed) return;
      const text = framed(event({ content: fill }));
      stats.sentBytes += text.length;
      if (!socket.write(text)) return void socket.once('drain', pump);
    }
    socket.write(`${framed(`${event({}, '"stop"')}data: [DONE]\n\n`)}0\r\n\r\n`);
  };
  pump();
}

/** The last quoted content of the body, as it stands (JSON-escaped). */
function lastContent(body) {
  const text = body.toString('utf8');
  const at = text.lastIndexOf('"content":"') + 11;
  return JSON.parse(`"${text.slice(at, text.indexOf('"', at))}"`);
}

function respond(socket, path, body) {
  stats.requests++;
  if (path.startsWith('/stats')) return socket.write(answer(JSON.stringify(stats)));
  if (path.startsWith('/.well-known/'))
    return socket.write(answer(JSON.stringify({ issuer: `http://127.0.0.1:${port}`, jwks_uri: `http://127.0.0.1:${port}/jwks` })));
  if (path.startsWith('/jwks')) return socket.write(answer(jwks));
  const at = body.indexOf(MODEL);
  const model = at < 0 ? '' : body.latin1Slice(at + 9, body.indexOf(34, at + 9));
  const [kind, a, b] = model.split('-');
  switch (kind) {
    case 'echo':
      return socket.write(answer(completion(lastContent(body).slice(0, 700))));
    case 'sse': {
      // A token at a time; now and then one that was masked comes back, in two halves.
      const masked = /[A-Z][A-Z_]+_[a-z2-7]{8,}/.exec(body.toString('latin1'))?.[0];
      return stream(
        socket,
        Number(a),
        Number(b),
        (i) => {
          if (masked && i % 20 === 18) return event({ content: masked.slice(0, 6) });
          if (masked && i % 20 === 19) return event({ content: masked.slice(6) });
          return event(i === 0 ? { role: 'assistant', content: 'Well, ' } : { content: WORDS[i % WORDS.length] });
        },
        () => event({}, '"stop"'),
      );
    }
    case 'tool': {
      const args = JSON.stringify({ path: 'notes/meeting.md', text: prose(Number(a) * 8) });
      const size = Math.ceil(args.length / Number(a));
      return stream(
        socket,
        Number(a),
        Number(b),
        (i) =>
          i === 0
            ? event({
                role: 'assistant',
                content: null,
                tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'take_note', arguments: args.slice(0, size) } }],
              })
            : event({ tool_calls: [{ index: 0, function: { arguments: args.slice(i * size, (i + 1) * size) } }] }),
        () => event({}, '"tool_calls"'),
      );
    }
    case 'hang': {
      stats.open++;
      let over = false;
      const left = () => {
        if (over) return;
        over = true;
        stats.open--;
        stats.lastClosedNs = Number(process.hrtime.bigint());
      };
      socket.on('close', left);
      return void setTimeout(() => {
        left();
        if (!socket.destroyed) socket.write(json(1024));
      }, Number(a));
    }
    case 'blob':
      return blob(socket, Number(a));
    default:
      return socket.write(json(Number(a) || 1024));
  }
}

createServer({ noDelay: true }, (socket) => {
  let held = null;
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    held = held ? Buffer.concat([held, chunk]) : chunk;
    for (;;) {
      const end = held.indexOf(HEAD_END);
      if (end < 0) return;
      const head = held.latin1Slice(0, end);
      const path = head.slice(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
      const length = /\r\ncontent-length: *(\d+)/i.exec(head);
      let body;
      let used;
      if (length) {
        used = end + 4 + Number(length[1]);
        if (held.length < used) return;
        body = held.subarray(end + 4, used);
      } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
        const stop = held.indexOf('\r\n0\r\n\r\n', end + 2);
        if (stop < 0) return;
        used = stop + 7;
        body = held.subarray(end + 4, used);
      } else {
        used = end + 4;
        body = held.subarray(0, 0);
      }
      respond(socket, path, body);
      held = held.length > used ? held.subarray(used) : null;
      if (!held) return;
    }
  });
}).listen({ port, host: '127.0.0.1', backlog: 4096 });
