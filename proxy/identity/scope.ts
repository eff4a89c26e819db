import { type Operation, type Principal, SallyportError } from '../contract/index.js';

/** Operations that name a model; without one they are allowed only to those who may use every model. */
const NEEDS_MODEL: ReadonlySet<Operation> = new Set(['chat', 'responses', 'embeddings', 'messages', 'count_tokens']);

/**
 * May this principal do this? Pure; what is not listed is denied.
 * @throws SallyportError connection_not_allowed, operation_not_allowed, model_not_allowed
 */
export function authorizeScope(principal: Principal, wanted: { connection: string; operation: Operation; model?: string }): void {
  const { scope, name } = principal;
  if (!scope.connections.includes(wanted.connection) && !scope.connections.includes('*')) {
    throw refused('connection_not_allowed', `use the connection "${wanted.connection}"`, name, 'connections');
  }
  if (!scope.operations.includes(wanted.operation) && !scope.operations.includes('*')) {
    throw refused('operation_not_allowed', `do "${wanted.operation}"`, name, 'operations');
  }
  const { model } = wanted;
  if (model === undefined) {
    if (NEEDS_MODEL.has(wanted.operation) && !scope.models.includes('*')) {
      throw refused('model_not_allowed', 'use a model that the request does not name', name, 'models');
    }
  } else if (!scope.models.some((glob) => matchesGlob(glob, model))) {
    throw refused('model_not_allowed', `use the model "${model.slice(0, 100)}"`, name, 'models');
  }
}

/** `*` stands for any run of characters; everything else for itself. Linear in practice, never exponential. */
export function matchesGlob(glob: string, text: string): boolean {
  let g = 0;
  let t = 0;
  let star = -1;
  let mark = 0;
  while (t < text.length) {
    // The star is looked at first: a "*" in the text is an ordinary character.
    if (glob[g] === '*') {
      star = g++;
      mark = t;
    } else if (g < glob.length && glob[g] === text[t]) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++mark;
    } else return false;
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}

function refused(
  code: 'connection_not_allowed' | 'operation_not_allowed' | 'model_not_allowed',
  what: string,
  agent: string,
  list: string,
) {
  return new SallyportError(
    code,
    `The agent "${agent}" may not ${what}. Its owner can change this: sallyport agents update, list "${list}".`,
    {
      rule: `agents.scope.${list}`,
    },
  );
}
