// The floor: node:http in, node:http out, piped both ways; looks at nothing.
import http from 'node:http';

const up = new URL(process.env.UP);
const agent = new http.Agent({ keepAlive: true, maxSockets: 512 });
http
  .createServer((request, response) => {
    const out = http.request(
      { host: up.hostname, port: up.port, path: request.url, method: request.method, headers: request.headers, agent },
      (incoming) => {
        response.writeHead(incoming.statusCode, incoming.headers);
        incoming.pipe(response);
      },
    );
    out.on('error', () => response.destroy());
    response.on('close', () => out.destroy());
    request.pipe(out);
  })
  .listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
