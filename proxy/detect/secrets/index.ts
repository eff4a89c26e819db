import type { InlineDetector, InlineRule, SwallowRule } from '../rules.js';

const rule = (entity: string, literals: string[], pattern: RegExp, more: Partial<InlineRule> = {}): InlineRule => ({
  entity,
  category: 'secret',
  literals,
  pattern,
  confidence: 0.97,
  why: 'prefix and shape of the provider',
  ...more,
});

const rules: InlineRule[] = [
  rule('AWS_ACCESS_KEY', ['akia', 'asia', 'abia', 'acca'], /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])/g, {
    before: 4,
    after: 24,
  }),
  rule('GITHUB_TOKEN', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /(?<![A-Za-z0-9_])gh[pousr]_[A-Za-z0-9]{36,251}/g, { before: 4 }),
  rule('GITHUB_TOKEN', ['github_pat_'], /(?<![A-Za-z0-9_])github_pat_[A-Za-z0-9_]{82}/g, { before: 4 }),
  rule('GITLAB_TOKEN', ['glpat-'], /(?<![A-Za-z0-9_])glpat-[\w-]{20,64}/g, { before: 4 }),
  rule('ANTHROPIC_API_KEY', ['sk-ant-'], /(?<![A-Za-z0-9_])sk-ant-[a-z0-9]+-[\w-]{32,200}/g, { before: 4 }),
  rule('OPENAI_API_KEY', ['sk-'], /(?<![A-Za-z0-9_-])sk-(?!ant-)(?:proj-|svcacct-|admin-|None-)?[A-Za-z0-9_-]{32,200}/g, {
    before: 4,
    validate: (value) => (/\d/.test(value) && /[A-Z]/.test(value) && /[a-z]/.test(value) ? 0.95 : 0),
  }),
  rule(
    'SLACK_TOKEN',
    ['xoxa-', 'xoxb-', 'xoxp-', 'xoxr-', 'xoxs-', 'xapp-'],
    /(?<![A-Za-z0-9_])(?:xox[abprs]|xapp)-[A-Za-z0-9-]{20,250}/g,
    { before: 4 },
  ),
  rule('STRIPE_KEY', ['k_live_'], /(?<![A-Za-z0-9_])[rs]k_live_[A-Za-z0-9]{16,120}/g, { before: 8 }),
  rule('GOOGLE_API_KEY', ['aiza'], /(?<![A-Za-z0-9_-])AIza[\w-]{35}(?![\w-])/g, { before: 4, after: 48 }),
  rule('NPM_TOKEN', ['npm_'], /(?<![A-Za-z0-9_])npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])/g, { before: 4 }),
  rule('JSON_WEB_TOKEN', ['eyj'], /(?<![A-Za-z0-9_-])eyJ[\w-]{10,1500}\.eyJ[\w-]{10,2000}\.[\w-]{0,700}/g, { before: 4, after: 4000 }),
  {
    entity: 'PRIVATE_KEY',
    category: 'secret',
    literals: ['-----begin'],
    find(view, start, _end, emit) {
      const head = /^-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/i.exec(view.text.slice(start, start + 120));
      if (!head) return;
      const foot = /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/i.exec(
        view.text.slice(start + head[0].length, start + 16384),
      );
      const end = foot ? start + head[0].length + foot.index + foot[0].length : Math.min(view.text.length, start + 16384);
      emit({ start, end, confidence: 0.99, why: 'PEM private key block' });
    },
  },
];

const swallow: SwallowRule[] = [
  {
    entity: 'PRIVATE_KEY',
    start: /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY/y,
    end: /-----END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----/,
    maxLength: 16384,
  },
  { entity: 'JSON_WEB_TOKEN', start: /eyJ[\w-]{12}/y, end: /(?=[^\w.-])/, maxLength: 8192 },
  { entity: 'ANTHROPIC_API_KEY', start: /sk-ant-[\w-]{12}/y, end: /(?=[^\w-])/, maxLength: 300 },
  { entity: 'OPENAI_API_KEY', start: /sk-(?:proj|svcacct|admin)-[\w-]{12}/y, end: /(?=[^\w-])/, maxLength: 300 },
];

/** Provider keys, private keys, tokens, connection strings, passwords. */
export const secretDetector: InlineDetector = { name: 'secrets', rules, swallow };
