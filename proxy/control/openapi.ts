import type { Route, Schema } from './route.js';
import { SCHEMAS } from './schemas.js';

/** One OpenAPI 3.1 document of all routes. docs/openapi.json is this, and a test keeps it so. */
export function openApiDocument(routes: readonly Route[]): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operation(route);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport control API',
      version: '1',
      description:
        'Everything that the console, the command line and the desktop app can see or do. It is reached through the control socket ' +
        '(header `x-sallyport-token`, from control.json in the data directory, sent only after the server proved with ' +
        '`GET /api/hello?nonce=…` that it knows the token) or through the console server (cookie, and on every call the second ' +
        'secret in `x-sallyport-csrf`, which the opening page keeps in localStorage as `sallyport-csrf`; an EventSource gives it as ' +
        "`?csrf=`). Calls marked with `person` need a person's capability in `x-sallyport-person` as well; without " +
        'it they answer `person_required` and are recorded as an attempt.',
    },
    servers: [{ url: '/', description: 'control socket, or the console server' }],
    tags: [...new Set(routes.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        token: { type: 'apiKey', in: 'header', name: 'x-sallyport-token' },
        console: { type: 'apiKey', in: 'cookie', name: 'sallyport_console' },
        person: { type: 'apiKey', in: 'header', name: 'x-sallyport-person' },
      },
      responses: {
        Error: {
          description: 'Refused or failed; the code is stable.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  const parameters = [
    ...[...route.path.matchAll(/:(\w+)/g)].map((match) => ({ name: match[1], in: 'path', required: true, schema: { type: 'string' } })),
    ...Object.entries(route.query ?? {}).map(([name, { description, ...schema }]) => ({
      name,
      in: 'query',
      ...(description === undefined ? {} : { description }),
      schema,
    })),
  ];
  const person = route.access === 'person';
  return {
    tags: [route.tag],
    operationId: operationId(route),
    summary: route.summary,
    security: [person ? { token: [], person: [] } : { token: [] }, { console: [] }],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: route.body } } } }),
    responses: {
      ...(route.answer === undefined && route.answerType === undefined
        ? { 204: { description: 'Done.' } }
        : { [route.status ?? 200]: { description: 'Done.', content: content(route) } }),
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function content(route: Route): Record<string, { schema?: Schema }> {
  if (route.answerType !== undefined) return { [route.answerType]: {} };
  return { 'application/json': { schema: route.answer! } };
}

/** `get /api/agents/:id` → `getAgentsById`. */
export function operationId(route: Route): string {
  const words = route.path
    .slice('/api/'.length)
    .split(/[/-]/)
    .map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)));
  return route.method + words.join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
