// A floor: node:http in, undici's dispatch out; looks at nothing.
import http from 'node:http';
import { Pool } from 'undici';

const pool = new Pool(process.env.UP, { connections: 512, pipelining: 1, bodyTimeout: 0, headersTimeout: 0 });
http
  .createServer((request, response) => {
    let controller;
    const headers = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      if (!/^(connection|host|transfer-encoding)$/i.test(request.rawHeaders[i]))
        headers.push(request.rawHeaders[i], request.rawHeaders[i + 1]);
    response.on('close', () => {
      if (!response.writableFinished) controller?.abort(new Error('client gone'));
    });
    pool.dispatch(
      { method: request.method, path: request.url, headers, body: request },
      {
        onRequestStart(c) {
          controller = c;
        },
        onResponseStart(_c, status, incoming) {
          delete incoming['transfer-encoding'];
          response.writeHead(status, incoming);
        },
        onResponseData(c, chunk) {
          if (!response.write(chunk)) {
            c.pause();
            response.once('drain', () => c.resume());
          }
        },
        onResponseEnd: () => response.end(),
        onResponseError: () => response.destroy(),
      },
    );
  })
  .listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
