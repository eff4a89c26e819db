import type { Connection } from '../contract/index.js';

export interface Snippet {
  id: string;
  title: string;
  language: 'python' | 'javascript' | 'shell';
  text: string;
}

/** Environment variables that point the usual clients at one connection. The key stands in `SALLYPORT_KEY`; `key` is what they get. */
export function environmentFor(
  connections: readonly Pick<Connection, 'name' | 'dialect'>[],
  baseUrl: string,
  key: string,
): Record<string, string> {
  const env: Record<string, string> = { SALLYPORT_KEY: key, SALLYPORT_URL: baseUrl };
  const openai = connections.find((c) => c.dialect === 'openai');
  if (openai !== undefined) {
    env['OPENAI_BASE_URL'] = `${baseUrl}/${openai.name}/v1`;
    env['OPENAI_API_BASE'] = env['OPENAI_BASE_URL'];
    env['OPENAI_API_KEY'] = key;
  }
  const anthropic = connections.find((c) => c.dialect === 'anthropic');
  if (anthropic !== undefined) {
    env['ANTHROPIC_BASE_URL'] = `${baseUrl}/${anthropic.name}`;
    env['ANTHROPIC_API_URL'] = env['ANTHROPIC_BASE_URL'];
    env['ANTHROPIC_API_KEY'] = key;
  }
  return env;
}

/** What to paste into an agent, for one connection. The key is read from `SALLYPORT_KEY`, never written into code. */
export function snippetsFor(connection: Pick<Connection, 'name' | 'dialect'>, baseUrl: string, model?: string): Snippet[] {
  const base = `${baseUrl}/${connection.name}`;
  if (connection.dialect === 'openai') return openaiSnippets(`${base}/v1`, model ?? 'gpt-4o-mini');
  if (connection.dialect === 'anthropic') return anthropicSnippets(base, model ?? 'claude-sonnet-4-5');
  return [curl(`${base}/`, ['authorization: Bearer $SALLYPORT_KEY'])];
}

function openaiSnippets(url: string, model: string): Snippet[] {
  return [
    ...langChain('OpenAI', model, url, `configuration: { baseURL: '${url}' }`),
    {
      id: 'openai-js',
      title: 'OpenAI SDK (JavaScript)',
      language: 'javascript',
      text: `import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${url}', apiKey: process.env.SALLYPORT_KEY });
const answer = await client.chat.completions.create({ model: '${model}', messages: [{ role: 'user', content: 'Say hello' }] });
console.log(answer.choices[0].message.content);
`,
    },
    {
      id: 'openai-python',
      title: 'OpenAI SDK (Python)',
      language: 'python',
      text: `import os
from openai import OpenAI

client = OpenAI(base_url="${url}", api_key=os.environ["SALLYPORT_KEY"])
answer = client.chat.completions.create(model="${model}", messages=[{"role": "user", "content": "Say hello"}])
print(answer.choices[0].message.content)
`,
    },
    curl(`${url}/chat/completions`, ['authorization: Bearer $SALLYPORT_KEY'], { model, messages: [HELLO] }),
  ];
}

function anthropicSnippets(url: string, model: string): Snippet[] {
  return [
    ...langChain('Anthropic', model, url, `anthropicApiUrl: '${url}'`),
    {
      id: 'anthropic-js',
      title: 'Anthropic SDK (JavaScript)',
      language: 'javascript',
      text: `import Anthropic from '@anthropic-ai/sdk';

const client = new Anthropic({ baseURL: '${url}', apiKey: process.env.SALLYPORT_KEY });
const answer = await client.messages.create({ model: '${model}', max_tokens: 256, messages: [{ role: 'user', content: 'Say hello' }] });
console.log(answer.content[0].text);
`,
    },
    curl(`${url}/v1/messages`, ['x-api-key: $SALLYPORT_KEY', 'anthropic-version: 2023-06-01'], {
      model,
      max_tokens: 256,
      messages: [HELLO],
    }),
  ];
}

const HELLO = { role: 'user', content: 'Say hello' };

/** LangChain's chat model of a provider, in both of its languages; `address` is how the JavaScript one is told where to go. */
function langChain(provider: 'OpenAI' | 'Anthropic', model: string, url: string, address: string): Snippet[] {
  const name = provider.toLowerCase();
  return [
    {
      id: 'langchain-python',
      title: 'LangChain (Python)',
      language: 'python',
      text: `import os
from langchain_${name} import Chat${provider}

llm = Chat${provider}(model="${model}", base_url="${url}", api_key=os.environ["SALLYPORT_KEY"])
print(llm.invoke("Say hello").content)
`,
    },
    {
      id: 'langchain-js',
      title: 'LangChain (JavaScript)',
      language: 'javascript',
      text: `import { Chat${provider} } from '@langchain/${name}';

const llm = new Chat${provider}({ model: '${model}', apiKey: process.env.SALLYPORT_KEY, ${address} });
console.log((await llm.invoke('Say hello')).content);
`,
    },
  ];
}

function curl(url: string, headers: string[], body?: unknown): Snippet {
  const all = (body === undefined ? headers : [...headers, 'content-type: application/json']).map((header) => `-H "${header}"`).join(' ');
  const data = body === undefined ? '' : ` \\\n  -d '${JSON.stringify(body)}'`;
  return { id: 'curl', title: 'curl', language: 'shell', text: `curl ${url} \\\n  ${all}${data}\n` };
}
