import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Io } from '../../proxy/cli/io.js';
import { run } from '../../proxy/cli/program.js';
import { createMemorySecretStore } from '../../proxy/credentials/index.js';
import { createGateway, type Gateway } from '../../proxy/index.js';
import { pending } from '../control/pending.js';
import type { Lab } from '../control/support.js';

const PASS = 'a passphrase for watching';

/** A terminal that a person sits at: what was printed, and what is asked now. */
class Terminal {
  text = '';
  private asking: { question: string; answer(text: string): void } | undefined;
  readonly io: Io = {
    out: (text) => void (this.text += text),
    err: (text) => void (this.text += text),
    env: {},
    cwd: '/',
    terminal: false,
    columns: 140,
    readAll: async () => '',
    onInterrupt: () => () => undefined,
    ask: (question) =>
      new Promise((answer) => {
        this.asking = { question, answer };
      }),
  };

  async reads(wanted: RegExp): Promise<void> {
    for (let i = 0; i < 1500; i++) {
      if (wanted.test(this.text)) return;
      await new Promise((r) => setTimeout(r, 10));
    }
    throw new Error(`never printed ${wanted}:\n${this.text}`);
  }

  async answers(question: RegExp, answer: string): Promise<void> {
    for (let i = 0; i < 1500; i++) {
      const now = this.asking;
      if (now && question.test(now.question)) {
        this.asking = undefined;
        now.answer(answer);
        return;
      }
      await new Promise((r) => setTimeout(r, 10));
    }
    throw new Error(`never asked ${question}, but ${this.asking?.question}:\n${this.text}`);
  }
}

test('watch is an inbox: a list, any of it opened, decided with a reason; it outlives a restart of the gateway', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-watch-'));
  const secrets = createMemorySecretStore();
  const start = async (): Promise<Gateway> => {
    const made = await createGateway({ directory, version: '0', port: 0, console: false, demo: false, workers: 0 }, { secrets });
    await made.start();
    return made;
  };
  const lab = (gateway: Gateway): Lab => ({ gateway }) as unknown as Lab;
  const written = (gateway: Gateway) => gateway.services.acts.record({ kind: 'settings', meta: { what: 'test' } });
  let gateway = await start();
  const terminal = new Terminal();
  try {
    const one = pending(lab(gateway), 'make one');
    const two = pending(lab(gateway), 'make two');
    await written(gateway);
    const watching = run(['--data', directory, 'approvals', 'watch'], terminal.io);
    await terminal.answers(/New passphrase/, PASS);
    await terminal.answers(/again|once more|repeat/i, PASS);
    await terminal.reads(/# +LEFT +AGENT +WANTS[\s\S]*1 [\s\S]*2 /);
    await terminal.answers(/number: open/, '2');
    await terminal.reads(/make two/);
    await terminal.answers(/number: open/, 'd');
    await terminal.answers(/Reason/, 'the other first');
    assert.equal((await two.settled).reason, 'the other first');
    await terminal.answers(/number: open/, 'l');
    await terminal.answers(/number: open/, 'a');
    assert.equal((await one.settled).outcome, 'approved');
    // The gateway is stopped while nothing is asked, and started anew.
    await gateway.stop(100);
    await terminal.reads(/The gateway has stopped/);
    gateway = await start();
    await terminal.reads(/The gateway is back/);
    await terminal.answers(/^Passphrase/, PASS);
    const late = pending(lab(gateway), 'make late');
    await written(gateway);
    await terminal.answers(/number: open/, 'd');
    await terminal.answers(/Reason/, 'not now');
    assert.equal((await late.settled).reason, 'not now');
    // And once more while a question stands: the answer decides nothing any more.
    const lost = pending(lab(gateway), 'make lost');
    await written(gateway);
    await terminal.reads(/make lost/);
    await gateway.stop(100);
    assert.equal((await lost.settled).outcome, 'withdrawn');
    terminal.text = '';
    await terminal.answers(/number: open/, 'a');
    await terminal.reads(/The gateway has stopped/);
    gateway = await start();
    await terminal.answers(/^Passphrase/, PASS);
    pending(lab(gateway), 'make last');
    await written(gateway);
    await terminal.answers(/number: open/, 'q');
    assert.equal(await watching, 0, terminal.text);
  } finally {
    await gateway.stop(100);
    rmSync(directory, { recursive: true, force: true });
  }
});
