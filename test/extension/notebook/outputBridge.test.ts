import assert from 'node:assert/strict';
import type { NotebookEditor } from 'vscode';
import { HandrailError } from '../../../agent/protocol/errors';
import { bridgeOutput } from '../../../extension/notebook/outputBridge';
import type { HostMessage, RendererMessage } from '../../../extension/renderer/messages';
import { RecordedStep } from '../renderer/support/recordedStep';

/** The bridge between a recorded step and editors that only note what they are sent. */
class Bridged {
  readonly step = new RecordedStep();
  readonly sent: { editor: string; message: HostMessage }[] = [];
  readonly log: string[] = [];
  readonly commands: string[] = [];
  readonly closed = new Set<string>();
  readonly #editors = new Map<string, NotebookEditor>();
  #receive: (event: { editor: NotebookEditor; message: unknown }) => unknown = () => undefined;
  readonly #bridge = bridgeOutput(
    {
      onDidReceiveMessage: listener => {
        this.#receive = listener;
        return { dispose: () => undefined };
      },
      postMessage: (message, editor) => {
        const name = (editor as unknown as { name: string }).name;
        if (!this.closed.has(name)) this.sent.push({ editor: name, message: message as HostMessage });
        return Promise.resolve(!this.closed.has(name));
      },
    },
    this.step,
    {
      command: (step, command) => {
        this.commands.push(`${step.run} ${step.step} ${command.command}`);
        return Promise.reject(new Error('refused'));
      },
      log: message => void this.log.push(message),
    },
  );

  from(editor: string, message: RendererMessage | { type: string }): void {
    const known = this.#editors.get(editor) ?? ({ name: editor } as unknown as NotebookEditor);
    this.#editors.set(editor, known);
    this.#receive({ editor: known, message });
  }

  read(editor: string, after: number, reader = 'x'): void {
    this.from(editor, { type: 'read', reader, run: 'r1', step: 0, after });
  }

  pages(editor: string): string[] {
    return this.sent.flatMap(({ editor: to, message }) => {
      if (to !== editor || message.type !== 'page') return [];
      const data = message.entries.map(e =>
        'missing' in e ? '…' : Buffer.from(e.data, 'base64').toString(),
      );
      return [`${message.after}-${message.seq}${message.ended ? ' end' : ''}: ${data.join('')}`];
    });
  }

  types(editor: string): string[] {
    return this.sent.filter(sent => sent.editor === editor).map(({ message }) => message.type);
  }

  dispose(): void {
    this.#bridge.dispose();
  }
}

/** Lets everything that is under way in memory come to rest. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise(resolve => setImmediate(resolve));
}

describe('bridgeOutput', () => {
  it('answers at once when there is output, else when there is some', async () => {
    const bridged = new Bridged();
    bridged.step.append('stdout', 'a');
    bridged.read('left', 0);
    await settle();
    bridged.read('left', 1);
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-1: a']);
    bridged.step.print('stdout', 'b');
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-1: a', '1-2: b']);
  });

  it('sends nothing to who has not asked', async () => {
    const bridged = new Bridged();
    bridged.read('left', 0);
    bridged.step.print('stdout', 'a');
    await settle();
    bridged.step.print('stdout', 'b');
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-1: a']);
  });

  it('misses nothing that is printed while a page is under way', async () => {
    const bridged = new Bridged();
    bridged.read('left', 0);
    await Promise.resolve();
    bridged.step.print('stdout', 'a');
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-1: a']);
  });

  it('keeps a place for each editor and each output', async () => {
    const bridged = new Bridged();
    for (const text of ['a', 'b', 'c']) bridged.step.append('stdout', text);
    bridged.read('left', 0);
    bridged.read('right', 2);
    bridged.read('right', 1, 'y');
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-3: abc']);
    assert.deepEqual(bridged.pages('right'), ['2-3: c', '1-3: bc']);
  });

  it('ends once, with how the step ended', async () => {
    const bridged = new Bridged();
    bridged.step.append('stdout', 'a');
    bridged.step.end({ state: 'failed', reason: 'exit', exit: 7 });
    bridged.read('left', 0);
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-1 end: a']);
    const status = bridged.sent.find(({ message }) => message.type === 'status')?.message;
    assert.deepEqual(status?.type === 'status' && status.status.exit, 7);
  });

  it('lets go of an output that is complete', async () => {
    const bridged = new Bridged();
    bridged.step.end({ state: 'passed' });
    bridged.read('left', 0);
    await settle();
    const { length } = bridged.sent;
    bridged.step.end({ state: 'passed' });
    await settle();
    assert.equal(bridged.sent.length, length);
  });

  it('tells a waiting output that its step ended', async () => {
    const bridged = new Bridged();
    bridged.read('left', 0);
    await settle();
    bridged.step.end({ state: 'passed', reason: 'exit', exit: 0 });
    await settle();
    assert.deepEqual(bridged.types('left'), ['status', 'page']);
    assert.deepEqual(bridged.pages('left'), ['0-0 end: ']);
    assert.equal(bridged.step.count('runs/get'), 0);
  });

  it('asks the agent one page at a time, and no more than an output asks for', async () => {
    const bridged = new Bridged();
    const chunk = new Uint8Array(256 * 1024).fill(97);
    for (let i = 0; i < 4; i++) bridged.step.append('stdout', chunk);
    bridged.read('left', 0);
    await settle();
    bridged.read('left', 1);
    await settle();
    assert.equal(bridged.step.count('output/read'), 2);
  });

  it('reads again from an earlier place when asked to', async () => {
    const bridged = new Bridged();
    for (const text of ['a', 'b']) bridged.step.append('stdout', text);
    bridged.read('left', 0);
    await settle();
    bridged.read('left', 1);
    await settle();
    assert.deepEqual(bridged.pages('left'), ['0-2: ab', '1-2: b']);
  });

  it('passes over what a slow output could not show, up to the end', async () => {
    const bridged = new Bridged();
    const chunk = new Uint8Array(256 * 1024).fill(97);
    for (let i = 0; i < 120; i++) bridged.step.append('stdout', chunk);
    bridged.step.end({ state: 'passed' });
    let after = 0;
    let bytes = 0;
    let pages = 0;
    for (let ended = false; !ended; pages++) {
      bridged.sent.length = 0;
      bridged.read('left', after);
      await settle();
      const page = bridged.sent.find(({ message }) => message.type === 'page')?.message;
      assert.ok(page?.type === 'page');
      for (const e of page.entries) bytes += 'missing' in e ? e.bytes : Buffer.from(e.data, 'base64').length;
      ({ seq: after, ended } = page);
    }
    assert.equal(bytes, 120 * chunk.length);
    assert.ok(pages < 10, `${pages} pages`);
  });

  it('says when the agent is lost, and goes on when it is back', async () => {
    const bridged = new Bridged();
    bridged.step.fail(new Error('the agent has ended'));
    bridged.read('left', 0);
    await settle();
    bridged.step.append('stdout', 'a');
    bridged.step.fail(undefined);
    await settle();
    assert.deepEqual(bridged.types('left'), ['gone', 'back', 'page']);
  });

  it('says when a run is not there any more', async () => {
    const bridged = new Bridged();
    bridged.step.fail(new HandrailError('notFound', 'no run r1'));
    bridged.read('left', 0);
    await settle();
    const gone = bridged.sent[0]?.message;
    assert.ok(gone?.type === 'gone' && !gone.retry);
  });

  it('forgets who rests, is closed, or has loaded anew', async () => {
    const bridged = new Bridged();
    for (const editor of ['resting', 'closed', 'loaded']) bridged.read(editor, 0);
    await settle();
    bridged.from('resting', { type: 'rest', reader: 'x' });
    bridged.from('loaded', { type: 'hello' });
    bridged.closed.add('closed');
    bridged.step.print('stdout', 'a');
    await settle();
    const before = bridged.step.requests.length;
    bridged.step.print('stdout', 'b');
    await settle();
    assert.deepEqual(bridged.sent, []);
    assert.equal(bridged.step.requests.length, before);
  });

  it('passes on input and size, and is quiet about input that came too late', async () => {
    const bridged = new Bridged();
    bridged.from('left', { type: 'input', run: 'r1', step: 0, data: 'eQ==' });
    bridged.from('left', { type: 'resize', run: 'r1', step: 0, columns: 90, rows: 24 });
    await settle();
    bridged.step.fail(new HandrailError('invalidState', 'ended'));
    bridged.from('left', { type: 'input', run: 'r1', step: 0, data: 'eQ==' });
    await settle();
    assert.deepEqual(bridged.log, []);
    assert.deepEqual(bridged.step.requests[0]?.params, { run: 'r1', step: 0, data: 'eQ==' });
    assert.deepEqual(bridged.step.requests[1]?.params, { run: 'r1', step: 0, columns: 90, rows: 24 });
  });

  it('passes on commands, and logs one that fails', async () => {
    const bridged = new Bridged();
    bridged.from('left', { type: 'command', run: 'r1', step: 0, do: { command: 'runAgain' } });
    await settle();
    assert.deepEqual(bridged.commands, ['r1 0 runAgain']);
    assert.equal(bridged.log.length, 1);
  });

  const malformed: unknown[] = [
    undefined,
    null,
    'read',
    {},
    { type: 'other' },
    { type: 'read', reader: 'x', run: 'r1', step: 0, after: -1 },
    { type: 'read', reader: 1, run: 'r1', step: 0, after: 0 },
    { type: 'read', reader: 'x', run: 'r1', step: '0', after: 0 },
    { type: 'input', run: 'r1', step: 0 },
    { type: 'resize', run: 'r1', step: 0, columns: 1e9, rows: 24 },
    { type: 'command', run: 'r1', step: 0, do: { command: 'shutdown' } },
    { type: 'command', run: 'r1', step: 0, do: { command: 'openLink', url: 'command:x' } },
    { type: 'command', run: 'r1', step: 0, do: { command: 'goToLine', line: 0 } },
  ];
  it('refuses what is no message of its renderer', () => {
    const bridged = new Bridged();
    for (const message of malformed) bridged.from('left', message as { type: string });
    assert.equal(bridged.log.length, malformed.length);
    assert.deepEqual(bridged.step.requests, []);
    assert.deepEqual(bridged.commands, []);
  });
});
