/** Ways by which an agent's words leave this machine past the gateway, and what stops each. */

export interface Bypass {
  id: string;
  /** Where it goes. */
  what: string;
  /** What to do. */
  advice: string;
  /** npm or Python packages that bring it. */
  packages: string[];
  /** Variables that switch it on: name → values (lower case); empty = any value. */
  variables?: Record<string, string[]>;
  /** Files whose presence shows the tool (relative to home or project). */
  files?: string[];
  /** Set for a child by `run` and `env`. */
  off: Record<string, string>;
  /** Stops it for good when these are set in the environment; without them it is on by default. */
  onByDefault?: boolean;
}

const TRUE = ['true', '1', 'yes', 'on'];

export const BYPASSES: readonly Bypass[] = [
  {
    id: 'openai-agents-tracing',
    what: '@openai/agents sends traces, with prompts, to api.openai.com/v1/traces/ingest, whatever the base URL',
    advice: 'Set OPENAI_AGENTS_DISABLE_TRACING=1 (sallyport run and env do).',
    packages: ['@openai/agents', '@openai/agents-core', '@openai/agents-openai', 'openai-agents'],
    off: { OPENAI_AGENTS_DISABLE_TRACING: '1' },
    onByDefault: true,
  },
  {
    id: 'langsmith-tracing',
    what: 'LangSmith tracing sends prompts and answers to its own host',
    advice:
      'Set LANGSMITH_TRACING, LANGCHAIN_TRACING, LANGSMITH_TRACING_V2 and LANGCHAIN_TRACING_V2 to false: any one of them turns it on.',
    packages: [],
    variables: { LANGSMITH_TRACING: TRUE, LANGCHAIN_TRACING: TRUE, LANGSMITH_TRACING_V2: TRUE, LANGCHAIN_TRACING_V2: TRUE },
    off: { LANGSMITH_TRACING: 'false', LANGCHAIN_TRACING: 'false', LANGSMITH_TRACING_V2: 'false', LANGCHAIN_TRACING_V2: 'false' },
  },
  {
    id: 'google-genai-langchain',
    what: 'ChatGoogleGenerativeAI of LangChain (JavaScript) goes to Google, whatever the environment says',
    advice: 'Set `baseUrl` in code.',
    packages: ['@langchain/google-genai', 'langchain-google-genai'],
    off: {},
    onByDefault: true,
  },
  {
    id: 'ollama-host',
    what: 'ollama (JavaScript) goes to port 11434 of this computer and ignores OLLAMA_HOST',
    advice: 'Set `host` in code.',
    packages: ['ollama'],
    off: {},
    onByDefault: true,
  },
  {
    id: 'ai-sdk-anthropic-base',
    what: '@ai-sdk/anthropic reads ANTHROPIC_BASE_URL but wants /v1 at its end, unlike the SDK of Anthropic',
    advice: 'It reaches the gateway at /messages, which is accepted; give baseURL with /v1 in code to be exact.',
    packages: ['@ai-sdk/anthropic'],
    off: {},
  },
  {
    id: 'claude-code-telemetry',
    what: 'Claude Code sends telemetry, error reports and update checks to its maker',
    advice: 'Set DISABLE_TELEMETRY, DISABLE_ERROR_REPORTING, DISABLE_AUTOUPDATER and CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC to 1.',
    packages: ['@anthropic-ai/claude-code', '@anthropic-ai/claude-agent-sdk', 'claude-agent-sdk'],
    files: ['.claude', 'CLAUDE.md'],
    off: { DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1', DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
    onByDefault: true,
  },
  {
    id: 'codex-analytics',
    what: 'Codex sends analytics to its maker, and lets the provider run web_search by default',
    advice: 'Put `[analytics] enabled = false` into ~/.codex/config.toml; the policy decides about provider-run tools.',
    packages: ['@openai/codex', '@openai/codex-sdk'],
    files: ['.codex'],
    off: {},
    onByDefault: true,
  },
  {
    id: 'gemini-cli-telemetry',
    what: 'Gemini CLI sends telemetry and usage statistics',
    advice: 'Set telemetry.enabled and privacy.usageStatisticsEnabled to false in ~/.gemini/settings.json.',
    packages: ['@google/gemini-cli'],
    files: ['.gemini'],
    off: {},
    onByDefault: true,
  },
  {
    id: 'opencode-share',
    what: 'opencode checks for updates, fetches a list of models, and can share sessions on its own site',
    advice: 'Set OPENCODE_DISABLE_AUTOUPDATE and OPENCODE_DISABLE_MODELS_FETCH to 1, and `"share": "disabled"` in opencode.json.',
    packages: ['opencode-ai', '@opencode-ai/sdk'],
    files: ['opencode.json', '.opencode'],
    off: { OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_MODELS_FETCH: '1' },
    onByDefault: true,
  },
];

/** What is the same for every agent and no package shows. */
export const ALWAYS = [
  'Tools that the provider runs itself (web_search …) are executed by the provider: policy decides about them in the request.',
];

/** All switches together. */
export function switchesOff(): Record<string, string> {
  return Object.assign({}, ...BYPASSES.map((bypass) => bypass.off)) as Record<string, string>;
}

/** Variables that hold a provider's key; taken out of the environment of an agent that is run through the gateway. */
export const PROVIDER_KEYS: Record<string, string> = {
  OPENAI_API_KEY: 'openai',
  OPENAI_ADMIN_KEY: 'openai',
  AZURE_OPENAI_API_KEY: 'azure',
  ANTHROPIC_API_KEY: 'anthropic',
  ANTHROPIC_AUTH_TOKEN: 'anthropic',
  CLAUDE_CODE_OAUTH_TOKEN: 'anthropic',
  GOOGLE_API_KEY: 'google',
  GEMINI_API_KEY: 'google',
  GOOGLE_GENERATIVE_AI_API_KEY: 'google',
  MISTRAL_API_KEY: 'mistral',
  GROQ_API_KEY: 'groq',
  COHERE_API_KEY: 'cohere',
  CO_API_KEY: 'cohere',
  DEEPSEEK_API_KEY: 'deepseek',
  XAI_API_KEY: 'xai',
  TOGETHER_API_KEY: 'together',
  FIREWORKS_API_KEY: 'fireworks',
  OPENROUTER_API_KEY: 'openrouter',
  PERPLEXITY_API_KEY: 'perplexity',
  CEREBRAS_API_KEY: 'cerebras',
  HF_TOKEN: 'huggingface',
  HUGGINGFACEHUB_API_TOKEN: 'huggingface',
  REPLICATE_API_TOKEN: 'replicate',
  VOYAGE_API_KEY: 'voyage',
  LANGSMITH_API_KEY: 'langsmith',
  LANGCHAIN_API_KEY: 'langsmith',
};

/** Variables that point a client somewhere. */
export const BASE_URLS = [
  'OPENAI_BASE_URL',
  'OPENAI_API_BASE',
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_API_URL',
  'GOOGLE_GEMINI_BASE_URL',
  'OLLAMA_BASE_URL',
  'OLLAMA_HOST',
];
