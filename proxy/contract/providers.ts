import type { Connection } from './identity.js';
import type { DialectName } from './names.js';

/** A provider that is known by its name, so that nobody has to look its address up. */
export interface Provider {
  /** The usual name of its connection. */
  id: string;
  title: string;
  dialect: DialectName;
  /** Base URL as its own documents give it to clients; undefined where every customer has an own one. */
  address?: string;
  /** What an own address looks like. */
  addressLike?: string;
  /** The variable that its key is usually kept in; undefined: it needs no key. */
  variable?: string;
  credentialHeader?: Connection['credentialHeader'];
}

/**
 * From the providers' own documents. Who speaks the OpenAI dialect has chat completions and models for certain, the other operations
 * where they have them.
 */
export const PROVIDERS: readonly Provider[] = [
  { id: 'openai', title: 'OpenAI', dialect: 'openai', address: 'https://api.openai.com/v1', variable: 'OPENAI_API_KEY' },
  { id: 'anthropic', title: 'Anthropic', dialect: 'anthropic', address: 'https://api.anthropic.com', variable: 'ANTHROPIC_API_KEY' },
  {
    id: 'azure',
    title: 'Azure OpenAI (v1 API)',
    dialect: 'openai',
    addressLike: 'https://RESOURCE.openai.azure.com/openai/v1',
    variable: 'AZURE_OPENAI_API_KEY',
    credentialHeader: { name: 'api-key', format: '{}' },
  },
  { id: 'deepseek', title: 'DeepSeek', dialect: 'openai', address: 'https://api.deepseek.com/v1', variable: 'DEEPSEEK_API_KEY' },
  {
    id: 'gemini',
    title: 'Google Gemini',
    dialect: 'openai',
    address: 'https://generativelanguage.googleapis.com/v1beta/openai',
    variable: 'GEMINI_API_KEY',
  },
  { id: 'groq', title: 'Groq', dialect: 'openai', address: 'https://api.groq.com/openai/v1', variable: 'GROQ_API_KEY' },
  { id: 'lmstudio', title: 'LM Studio on this computer', dialect: 'openai', address: 'http://127.0.0.1:1234/v1' },
  { id: 'mistral', title: 'Mistral', dialect: 'openai', address: 'https://api.mistral.ai/v1', variable: 'MISTRAL_API_KEY' },
  { id: 'ollama', title: 'Ollama on this computer', dialect: 'openai', address: 'http://127.0.0.1:11434/v1' },
  { id: 'openrouter', title: 'OpenRouter', dialect: 'openai', address: 'https://openrouter.ai/api/v1', variable: 'OPENROUTER_API_KEY' },
  { id: 'together', title: 'Together', dialect: 'openai', address: 'https://api.together.xyz/v1', variable: 'TOGETHER_API_KEY' },
  { id: 'xai', title: 'xAI', dialect: 'openai', address: 'https://api.x.ai/v1', variable: 'XAI_API_KEY' },
];

/** The provider of this id, if it is known. */
export const knownProvider = (id: string): Provider | undefined => PROVIDERS.find((provider) => provider.id === id);

/** `https://host/prefix` → origin and prefix; a `/v1` at the end belongs to the client's part of the path and is left out. */
export function readAddress(text: string): { origin: string; pathPrefix?: string } | undefined {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return undefined;
  }
  if (!/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash) return undefined;
  const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
  return { origin: url.origin, ...(path === '' ? {} : { pathPrefix: path }) };
}

/** A version in a path, as in `/v1beta/openai`. */
const VERSION = /\/v\d+(?:(?:alpha|beta)\d*)?(?=\/|$)/;

/**
 * The path at the provider, after the connection's prefix, of an operation that clients ask for as `/v1/chat/completions` or, some of
 * them, as `/chat/completions`: with `/v1`, unless the prefix says which version it is.
 */
export function operationPath(pathPrefix: string, path: string): string {
  const bare = path.replace(/^\/v1(?=[/?]|$)/, '');
  return VERSION.test(pathPrefix) ? bare : `/v1${bare}`;
}
