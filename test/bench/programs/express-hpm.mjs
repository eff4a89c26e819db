// A peer of form: Express with http-proxy-middleware; looks at nothing.
import http from 'node:http';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';

const app = express();
app.use(createProxyMiddleware({ target: process.env.UP, changeOrigin: true, agent: new http.Agent({ keepAlive: true, maxSockets: 512 }) }));
app.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
