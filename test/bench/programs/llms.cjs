// @musistudio/llms, the engine of claude-code-router: OpenAI in, OpenAI out, one provider.
const { createRequire } = require('node:module');
const { join } = require('node:path');
const loaded = createRequire(join(process.env.PEERS, 'x.js'))('@musistudio/llms');
const Server = loaded.default || loaded;
const models = process.env.MODELS.split(',');
new Server({
  useJsonFile: false,
  useEnvFile: false,
  logger: false,
  initialConfig: {
    PORT: process.env.PORT,
    HOST: '127.0.0.1',
    LOG: false,
    providers: [{ name: 'bench', api_base_url: `${process.env.UP}/v1/chat/completions`, api_key: 'none', models }],
  },
}).start();
