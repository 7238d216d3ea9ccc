import assert from 'node:assert/strict';
import { followKeyboard } from '../../../agent/cli/run/followKeyboard';
import { PaperTerminal, RecordedRun } from './recordedRun';

describe('the keyboard of a terminal', () => {
  it('is one step’s until that has ended, then the next one’s', () => {
    let press: ((keys: Uint8Array) => void) | undefined;
    const written: string[] = [];
    const terminal = new PaperTerminal({ tty: true, env: {} });
    const keys = followKeyboard(
      { capture: onKeys => (press = onKeys), release: () => (press = undefined) },
      terminal,
      {
        write: (_run, step, data) => void written.push(`${step} ${Buffer.from(data).toString()}`),
        resize: () => undefined,
      },
      () => written.push('interrupt'),
    );
    const observer = keys.observe({
      runChanged: () => undefined,
      stepChanged: () => undefined,
      output: () => undefined,
    });
    const run = new RecordedRun(observer, ['left', 'right', 'plain']);
    const type = (text: string): void => press?.(Buffer.from(text));
    run.step(0, { tty: true }).step(1, { tty: true });
    run.begin(0).begin(1).begin(2);
    type('a');
    run.end(2, { state: 'passed' });
    type('b\u0003');
    run.end(0, { state: 'passed' });
    type('c');
    run.end(1, { state: 'passed' });
    assert.deepEqual([written, press], [['0 a', 'interrupt', '0 b', '1 c'], undefined]);
    assert.equal(terminal.all, 'right waits for the keyboard, which left has\nright has the keyboard\n');
  });
});
