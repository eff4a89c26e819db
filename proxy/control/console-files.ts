import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Router } from 'express';

const NOT_BUILT = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sallyport</title></head>
<body><main><h1>Sallyport</h1><p>The gateway runs, but the console was not built. Run <code>npm run build</code> and start again.</p></main></body></html>
`;

/** The built page. Addresses without a dot are the page itself, which reads the rest of the address. */
export function consoleFiles(directory: string | undefined): Router {
  const router = express.Router();
  const page = directory === undefined ? undefined : join(directory, 'index.html');
  if (directory !== undefined) {
    router.use(
      '/assets',
      express.static(join(directory, 'assets'), {
        index: false,
        dotfiles: 'ignore',
        setHeaders: (res) => void res.setHeader('cache-control', 'public, max-age=31536000, immutable'),
      }),
    );
    router.use(express.static(directory, { index: false, dotfiles: 'ignore', cacheControl: false }));
  }
  router.use((req, res) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.status(405).json({ error: { code: 'path_not_allowed', message: 'Nothing takes this here.' } });
      return;
    }
    if (req.path.includes('.')) {
      res.status(404).type('text').send('No such file.\n');
      return;
    }
    if (page !== undefined && existsSync(page)) res.type('html').sendFile(page, { cacheControl: false, dotfiles: 'allow' });
    else res.status(503).type('html').send(NOT_BUILT);
  });
  return router;
}
