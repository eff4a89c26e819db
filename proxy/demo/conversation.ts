/** What the simulated model sees: one shape for the three chat protocols. */
export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool';
  /** All text of the turn, joined by newlines. */
  text: string;
}

/** How the answer must look, where the request says so. */
export interface Wanted {
  /** A tool that must be called: `any` = the first one offered. */
  forcedTool?: string;
  /** JSON Schema of a structured answer; `true` = any JSON object. */
  schema?: unknown;
}

export interface Conversation {
  model: string;
  stream: boolean;
  turns: Turn[];
  /** Offered tools by name, with their JSON Schema. */
  tools: Map<string, unknown>;
  wanted: Wanted;
}

type Json = Record<string, unknown>;
const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v);
const list = (v: unknown): unknown[] => (Array.isArray(v) ? v : []);
const string = (v: unknown): string => (typeof v === 'string' ? v : '');

/** Text of a content field: a string, or a list of parts. */
function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .filter(isObject)
    .map((p) => string(p['text']) || (p['type'] === 'tool_result' ? textOf(p['content']) : ''))
    .filter(Boolean)
    .join('\n');
}

function forced(choice: unknown): string | undefined {
  if (choice === 'required') return 'any';
  if (!isObject(choice)) return undefined;
  if (choice['type'] === 'any') return 'any';
  if (isObject(choice['function'])) return string(choice['function']['name']);
  return choice['type'] === 'function' || choice['type'] === 'tool' ? string(choice['name']) : undefined;
}

/** OpenAI chat completions. */
export function fromChat(body: Json): Conversation {
  const format = isObject(body['response_format']) ? body['response_format'] : {};
  const tools = list(body['tools']).filter(isObject);
  return {
    model: string(body['model']),
    stream: body['stream'] === true,
    turns: list(body['messages'])
      .filter(isObject)
      .map((m) => ({ role: m['role'] === 'developer' ? 'system' : (m['role'] as Turn['role']), text: textOf(m['content']) })),
    tools: new Map(
      tools
        .map((t) => t['function'])
        .filter(isObject)
        .map((f) => [string(f['name']), f['parameters']]),
    ),
    wanted: wanted(
      forced(body['tool_choice']),
      format['type'] === 'json_schema' && isObject(format['json_schema'])
        ? format['json_schema']['schema']
        : format['type'] === 'json_object' || undefined,
    ),
  };
}

/** OpenAI Responses; `earlier` are the turns of the stored responses that `previous_response_id` names. */
export function fromResponses(body: Json, earlier: Turn[]): Conversation {
  const items: Turn[] =
    typeof body['input'] === 'string'
      ? [{ role: 'user', text: body['input'] }]
      : list(body['input'])
          .filter(isObject)
          .flatMap((item): Turn[] => {
            if (item['type'] === 'function_call_output') return [{ role: 'tool', text: textOf(item['output']) }];
            if (item['type'] === 'function_call') return [{ role: 'assistant', text: '' }];
            if (item['type'] === 'reasoning') return [];
            const role = item['role'] === 'developer' ? 'system' : (item['role'] as Turn['role']);
            return [{ role, text: textOf(item['content']) }];
          });
  const format = isObject(body['text']) && isObject(body['text']['format']) ? body['text']['format'] : {};
  return {
    model: string(body['model']),
    stream: body['stream'] === true,
    turns: [...earlier, ...(body['instructions'] ? [{ role: 'system' as const, text: string(body['instructions']) }] : []), ...items],
    tools: new Map(
      list(body['tools'])
        .filter(isObject)
        .filter((t) => t['type'] === 'function')
        .map((t) => [string(t['name']), t['parameters']]),
    ),
    wanted: wanted(
      forced(body['tool_choice']),
      format['type'] === 'json_schema' ? format['schema'] : format['type'] === 'json_object' || undefined,
    ),
  };
}

/** Anthropic messages. A user message that holds only tool results is a `tool` turn. */
export function fromAnthropic(body: Json): Conversation {
  const config = isObject(body['output_config']) ? body['output_config'] : {};
  const format = isObject(config['format']) ? config['format'] : isObject(body['output_format']) ? body['output_format'] : {};
  return {
    model: string(body['model']),
    stream: body['stream'] === true,
    turns: [
      ...(body['system'] ? [{ role: 'system' as const, text: textOf(body['system']) }] : []),
      ...list(body['messages'])
        .filter(isObject)
        .map((m): Turn => {
          const parts = list(m['content']).filter(isObject);
          const onlyResults = parts.length > 0 && parts.every((p) => p['type'] === 'tool_result');
          return { role: onlyResults ? 'tool' : (m['role'] as Turn['role']), text: textOf(m['content']) };
        }),
    ],
    tools: new Map(
      list(body['tools'])
        .filter(isObject)
        .filter((t) => t['input_schema'])
        .map((t) => [string(t['name']), t['input_schema']]),
    ),
    wanted: wanted(forced(body['tool_choice']), format['type'] === 'json_schema' ? format['schema'] : undefined),
  };
}

function wanted(forcedTool: string | undefined, schema: unknown): Wanted {
  return { ...(forcedTool ? { forcedTool } : {}), ...(schema === undefined ? {} : { schema }) };
}

/** A value that fits a JSON Schema; strings without another constraint carry `text`. */
export function example(schema: unknown, text: string): unknown {
  if (!isObject(schema)) return text;
  const choices = list(schema['anyOf'] ?? schema['oneOf']);
  if (choices.length) return example(choices[0], text);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  if (type === 'object' || isObject(schema['properties'])) {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    return Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, example(of, text)]));
  }
  if (type === 'array') return [example(schema['items'], text)];
  if (type === 'integer' || type === 'number') return typeof schema['minimum'] === 'number' ? schema['minimum'] : 2;
  if (type === 'boolean') return true;
  if (type === 'null') return null;
  return text;
}
