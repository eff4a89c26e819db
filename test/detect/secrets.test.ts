import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createDetector } from '../../proxy/detect/index.js';
import { KEYED_KINDS } from '../../proxy/detect/secrets/kinds-keyed.js';
import { PREFIX_KINDS } from '../../proxy/detect/secrets/kinds-prefix.js';
import { generate, randomOf } from './generate.js';

const detector = createDetector({ names: false, workers: 0 });
const context = { direction: 'request', role: 'user', kind: 'text', provenance: 'person' } as const;
const secrets = (text: string) => detector.scanInline(text, context).filter((f) => f.category === 'secret' && !f.testValue);
const covers = (text: string, value: string, found = secrets(text)) => {
  const at = text.indexOf(value);
  return found.some((f) => f.start <= at && f.end >= at + value.length);
};
const random = randomOf(41);
const each = 6;

test('there are at least 200 kinds', () => {
  const names = new Set([...PREFIX_KINDS.map((k) => `${k[0]} ${k[1]}`), ...KEYED_KINDS.map((k) => k[0])]);
  assert.ok(names.size >= 350, String(names.size));
  assert.ok(new Set([...PREFIX_KINDS, ...KEYED_KINDS].map((k) => k[0])).size >= 300);
});

describe('tokens made by their grammar', () => {
  const frames = (v: string) => [
    `TOKEN=${v}`,
    `  "value": "${v}",`,
    `use ${v} for the call`,
    `curl https://api.example.com/x?t=${v}&y=1`,
    `<key>${v}</key>`,
    `x('${v}')`,
  ];

  test('kinds with a prefix: at least 99 % found, whole', () => {
    const missed: string[] = [];
    let made = 0;
    for (const [entity, prefix, body] of PREFIX_KINDS) {
      for (let i = 0; i < each; i++) {
        const value = prefix + generate(body, random);
        const text = frames(value)[i % 6]!;
        made++;
        if (!covers(text, value)) missed.push(`${entity} ${value}`);
      }
    }
    assert.ok(missed.length <= made * 0.01, `${missed.length} of ${made}: ${missed.slice(0, 12).join(' | ')}`);
  });

  test('kinds with the name of the provider before them: at least 98 % found', () => {
    const missed: string[] = [];
    let made = 0;
    for (const [entity, names, body] of KEYED_KINDS) {
      for (let i = 0; i < each; i++) {
        const value = generate(body, random);
        const name = names[i % names.length]!.replace(/[-_.]+$/, '');
        const text = [`${name.toUpperCase()}_API_KEY=${value}`, `"${name}Token": "${value}"`, `${name}_secret_key = '${value}'`][i % 3]!;
        made++;
        if (!covers(text, value)) missed.push(`${entity} ${text}`);
      }
    }
    assert.ok(missed.length <= made * 0.02, `${missed.length} of ${made}: ${missed.slice(0, 14).join(' | ')}`);
  });

  test('what stands for a token is none: at most 1 %', () => {
    const wrong: string[] = [];
    let made = 0;
    for (const [entity, prefix, body] of PREFIX_KINDS) {
      const value = generate(body, random, 0);
      for (const text of [
        `${prefix}${'x'.repeat(Math.min(40, value.length))}`,
        `${prefix}<your-token>`,
        `export T=${prefix}\${TOKEN}`,
        `the prefix ${prefix} says whose it is`,
        `${prefix}...`,
      ]) {
        made++;
        if (secrets(text).length > 0) wrong.push(`${entity} ${text}`);
      }
    }
    assert.ok(wrong.length <= made * 0.01, `${wrong.length} of ${made}: ${wrong.slice(0, 10).join(' | ')}`);
  });
});

describe('passwords and keys by name', () => {
  const words = [
    'hunter22',
    'Tr0ub4dor&3',
    'kx92_mm1',
    'S3cur3!pw',
    'q1w2e3r4',
    'p4ss-W0rd',
    'abcXYZ991',
    '!QAZ2wsx',
    'geheim99',
    'w00t!99',
  ];
  const forms: ((v: string) => string)[] = [
    (v) => `password = "${v}"`,
    (v) => `DB_PASSWORD=${v}`,
    (v) => `  "dbPassword": "${v}",`,
    (v) => `define('DB_PASSWORD', '${v}');`,
    (v) => `private static final String PASSWORD = "${v}";`,
    (v) => `let userPassword: String = "${v}"`,
    (v) => `user: bob\npassword: ${v}\nhost: db`,
    (v) => `<password>${v.replace(/[&<]/g, '')}</password>`,
    (v) => `<add key="DbPassword" value="${v.replace(/[&<]/g, '')}" />`,
    (v) => `'pass' => '${v}',`,
    (v) => `password := "${v}"`,
    (v) => `user.setPassword("${v}")`,
    (v) => `ALTER USER bob WITH PASSWORD '${v}';`,
    (v) => `spring.datasource.password=${v}`,
    (v) => `conn = pymysql.connect("localhost", "root", "${v}", "db")`,
    (v) => `Passwort: ${v}`,
    (v) => `contraseña = "${v}"`,
    (v) => `the password is ${v}`,
    (v) => `mysql -u root -p${v} db`,
    (v) => `-Djavax.net.ssl.trustStorePassword=${v}`,
  ];
  test('in code, settings, statements, commands and prose', () => {
    const missed: string[] = [];
    for (const form of forms) for (const v of words) if (secrets(form(v)).length === 0) missed.push(form(v));
    assert.ok(missed.length <= 4, missed.join(' | '));
  });
  test('exactly the value is covered', () => {
    const text = 'const cfg = { user: "bob", password: "Tr0ub4dor&3", host: "db" };';
    const [f] = secrets(text);
    assert.equal(text.slice(f!.start, f!.end), 'Tr0ub4dor&3');
  });

  const harmless = [
    'password: "Enter your password"', '"password": "Password"', 'token = next_token()', 'const token = req.headers.authorization', 'password: process.env.DB_PASS', 'password = "${DB_PASSWORD}"', 'password=<your password>', 'apiKey: "YOUR_API_KEY"', 'secret: {{ .Values.secret }}', 'token_type: "bearer"', 'grant_type=password', '<input type="password" name="password" placeholder="Password">', '"token": "string"',
    'sha256: 3eb6db5a9026c547c72708438d496d942e976b252138db7e4e0ee5edd7539457', 'commit: 8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b', 'key: "user.profile.name"', 'key = "cache_user_1234"', 'password = request.form["password"]', 'String password = user.getPassword();', 'password = None', 'password=self.password', 'max_tokens=2048', 'token_count: 123456', 'secretName: my-tls-secret', 'secretKeyRef: {name: db, key: password}', 'auth: AuthService', 'password: yup.string().required()', 'password: faker.internet.password()', 'PASSWORD_MIN_LENGTH = 8',
    'git clone https://${TOKEN}@github.com/x', 'api_key=os.getenv("OPENAI_API_KEY")', 'client_id: "3f2a1b0c-9d8e-4f6a-a5b4-c3d2e1f0a9b8"', "credentials: 'same-origin'", 'Authorization: Bearer <token>', 'Authorization: Bearer $TOKEN', 'password: "********"', '"secret": false', 'csrf_token = "a8f5f167f44f4964e6c998dee827110c"', 'password must be 8 characters', "key: 'ArrowDown2'", 'password: string', 'function login(password: Uint8Array) {}', '-----BEGIN RSA PRIVATE KEY-----', 'if (pem.startsWith("-----BEGIN PRIVATE KEY-----")) return;', '"integrity": "sha512-abcDEF1234567890abcDEF1234567890abcDEF1234567890abcDEF12345678=="', 'token: "keyword.control"', 'public_key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"',
  ]; // biome-ignore format: a table
  for (const text of harmless) test(`harmless: ${text.slice(0, 50)}`, () => assert.deepEqual(secrets(text), []));
});

describe('shapes', () => {
  const b64 = (n: number) => generate(`[A-Za-z0-9+/]{${n}}`, random);
  test('key blocks, with and without their end', () => {
    const block = `-----BEGIN RSA PRIVATE KEY-----\n${[64, 64, 64, 40].map(b64).join('\n')}\n-----END RSA PRIVATE KEY-----`;
    const text = `key:\n${block}\nafter`;
    const [f] = secrets(text);
    assert.equal(text.slice(f!.start, f!.end), block);
    const open = `-----BEGIN PRIVATE KEY-----\n${b64(64)}\n${b64(64)}\n\n$ next command, more words here`;
    const [g] = secrets(open);
    assert.equal(g?.entity, 'PRIVATE_KEY');
    assert.equal(
      secrets(`"-----BEGIN PRIVATE KEY-----\\n${b64(64)}\\n${b64(64)}\\n-----END PRIVATE KEY-----\\n"`)[0]?.entity,
      'PRIVATE_KEY',
    );
  });
  test('addresses: only the password', () => {
    const text = 'DATABASE_URL=postgres://app:S3cretP%40ss@db.internal:5432/app?sslmode=require';
    const [f] = secrets(text);
    assert.equal(text.slice(f!.start, f!.end), 'S3cretP%40ss');
    for (const t of [
      'https://host:8080/a@b',
      'http://user@host/',
      'see https://example.com: mail a@b.example',
      'https://user:password@host/',
      'postgres://user:${PW}@host/db',
    ])
      assert.deepEqual(secrets(t), [], t);
  });
  test('headers and signed links', () => {
    assert.ok(
      covers(`Authorization: Basic ${Buffer.from('bob:s3cretpw').toString('base64')}`, Buffer.from('bob:s3cretpw').toString('base64')),
    );
    const sig = generate('[0-9a-f]{64}', random);
    assert.ok(covers(`https://b.s3.amazonaws.com/k?X-Amz-Date=1&X-Amz-Signature=${sig}`, sig));
    assert.ok(secrets(`https://a.blob.core.windows.net/c/f?sv=2022-11-02&sig=${generate('[A-Za-z0-9]{43}', random)}%3D`).length > 0);
  });
  test('a bot in a path, a database of Go, a variable of a container, arguments of calls', () => {
    const bot = `${generate('[1-9][0-9]{9}', random)}:AA${generate('[A-Za-z0-9]{33}', random)}`;
    assert.ok(covers(`POST https://api.telegram.org/bot${bot}/sendMessage`, bot));
    assert.ok(covers('dsn := "shop:Tr0ub-adour9@tcp(db:3306)/shop"', 'Tr0ub-adour9'));
    assert.ok(covers('  - name: SMTP_PASSWORD\n    value: "b1rdhouse"\n', 'b1rdhouse'));
    assert.ok(covers('NetworkCredential c = new("backup", "b@ckUp77");', 'b@ckUp77'));
    assert.ok(covers('DBI->connect("dbi:Pg:dbname=x", "report", "Heron_5tilts");', 'Heron_5tilts'));
    assert.equal(secrets('- name: API_TOKEN\n  value: changeme1').length, 0);
    assert.equal(secrets('- name: LOG_LEVEL\n  value: debug2x').length, 0);
  });
  test('documented examples are test values', () => {
    const found = detector.scanInline('AKIAIOSFODNN7EXAMPLE', context);
    assert.equal(found[0]?.testValue, true);
  });
});

test('hostile text ends', { timeout: 60_000 }, () => {
  for (const unit of [
    'password=',
    'password: "',
    'key":"',
    'https://a:',
    'eyJaaaaaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    "jwt.sign('",
    'aws_secret_key ',
    '://:',
    'curl -u a:',
  ])
    assert.ok(Array.isArray(detector.scanInline(unit.repeat(Math.ceil(60_000 / unit.length)), context)), unit);
});
