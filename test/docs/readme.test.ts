import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { plainEnvironment, ROOT } from '../../scripts/demo/launch.js';
import { type Lab, startLab } from '../support/gateway.js';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const block = (language: string, contains: string) => {
  const found = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].find((m) => m[1] === language && m[2]?.includes(contains));
  assert.ok(found, `the README has a ${language} snippet with ${contains}`);
  return found[2] ?? '';
};
describe("the README's snippets, executed as they stand", () => {
  let lab: Lab;
  let directory: string;
  let env: Record<string, string>;
  before(async () => {
    lab = await startLab();
    directory = mkdtempSync(join(tmpdir(), 'sallyport-readme-'));
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
    env = { ...plainEnvironment(), HOME: directory, SALLYPORT_KEY: lab.key, SALLYPORT_URL: lab.baseUrl };
  });
  after(async () => {
    await lab?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const run = async (command: string, args: string[]) =>
    (await promisify(execFile)(command, args, { cwd: directory, env, timeout: 60_000 })).stdout;

  it('LangChain in JavaScript', async () => {
    writeFileSync(join(directory, 'agent.mjs'), block('js', 'ChatOpenAI'));
    assert.equal(await run(process.execPath, ['agent.mjs']), 'You wrote: Say hello\n');
  });
  // The Python snippet is run by `npm run test:python`, which brings its packages.
  it('curl', { skip: spawnSync('curl', ['--version']).status !== 0 && 'no curl on this machine' }, async () => {
    const answer = JSON.parse(await run('sh', ['-c', block('sh', 'curl -s')])) as { choices: { message: { content: string } }[] };
    assert.equal(answer.choices[0]?.message.content, 'You wrote: Say hello');
  });
});

it('every file and npm command that the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  for (const [, name] of readme.matchAll(/npm run (?:-s )?([a-z][a-z:]+)/g)) assert.ok(scripts[name!], `npm run ${name}`);
  for (const [, target] of readme.matchAll(/\]\(([^)#]+)\)/g)) assert.ok(readFileSync(join(ROOT, target!)).length > 0, target);
});
