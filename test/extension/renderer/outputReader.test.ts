import assert from 'node:assert/strict';
import type { HostMessage, PageEntry, RendererMessage } from '../../../extension/renderer/messages';
import { OutputReader, type OutputSink } from '../../../extension/renderer/outputReader';

function piece(seq: number): PageEntry {
  return { seq, stream: 'stdout', time: 0, data: '' };
}

function page(after: number, seq: number, ended = false, reader = 'a'): HostMessage {
  return { type: 'page', reader, after, entries: [piece(seq)], seq, ended };
}

/** A reader that records what it does. */
function recorded(take?: () => Promise<void>) {
  const posted: RendererMessage[] = [];
  const told: string[] = [];
  const sink: OutputSink = {
    async take(entries) {
      told.push(`take ${entries.map(({ seq }) => seq).join()}`);
      await take?.();
    },
    end: () => void told.push('end'),
    status: ({ state }) => void told.push(state),
    gone: problem => void (problem && told.push(problem.reason)),
  };
  const reader = new OutputReader('a', { run: 'r1', step: 2 }, message => posted.push(message), sink);
  return { reader, told, asked: () => posted.map(m => (m.type === 'read' ? m.after : m.type)) };
}

describe('OutputReader', () => {
  it('asks nothing before it is woken, then page after page to the end', async () => {
    const { reader, told, asked } = recorded();
    assert.deepEqual(asked(), []);
    reader.wake();
    await reader.receive(page(0, 3));
    await reader.receive(page(3, 5, true));
    assert.deepEqual(asked(), [0, 3]);
    assert.deepEqual(told, ['take 3', 'take 5', 'end']);
    reader.wake();
    assert.deepEqual(asked(), [0, 3]);
  });

  it('asks for the next page only when this one is taken', async () => {
    let resolve = (): void => undefined;
    const promise = new Promise<void>(settle => (resolve = settle));
    const { reader, asked } = recorded(() => promise);
    reader.wake();
    const taken = reader.receive(page(0, 3));
    reader.wake();
    assert.deepEqual(asked(), [0]);
    resolve();
    await taken;
    assert.deepEqual(asked(), [0, 3]);
  });

  it('drops an answer given twice, of another reader, or out of place', async () => {
    const { reader, told } = recorded();
    reader.wake();
    reader.wake();
    await reader.receive(page(0, 3));
    await reader.receive(page(0, 4));
    await reader.receive(page(7, 9));
    await reader.receive(page(3, 4, false, 'b'));
    assert.deepEqual(told, ['take 3']);
  });

  it('rests without asking, and goes on where it was', async () => {
    const { reader, asked } = recorded();
    reader.wake();
    reader.rest();
    reader.rest();
    await reader.receive(page(0, 3));
    reader.wake();
    assert.deepEqual(asked(), [0, 'rest', 3]);
  });

  it('tells of the step and of the agent', async () => {
    const { reader, told } = recorded();
    await reader.receive({ type: 'status', reader: 'a', status: { state: 'failed' } });
    await reader.receive({ type: 'gone', reader: 'a', reason: 'no agent', retry: true });
    await reader.receive({ type: 'gone', reader: 'b', reason: 'not mine', retry: true });
    assert.deepEqual(told, ['failed', 'no agent']);
  });
});
