import assert from 'node:assert/strict';
import type { Clock } from '../../../../agent/engine/clock';
import { systemClock } from '../../../../agent/engine/clock';
import { StepOutput } from '../../../../agent/engine/step/stepOutput';
import type { Stream } from '../../../../agent/protocol/output';
import { createRedactor } from '../../../../agent/secrets/createRedactor';
import type { OutputWriter } from '../../../../agent/store/types';

describe('what is held back of a terminal’s output', () => {
  const secret = 'swordfish-99';
  const due = new Set<() => void>();
  const clock: Clock = {
    ...systemClock,
    after(_ms, action) {
      due.add(action);
      return { dispose: () => void due.delete(action) };
    },
  };
  const open = () => {
    due.clear();
    const redactor = createRedactor();
    redactor.add(secret);
    let shown = '';
    let recorded = '';
    const writer: OutputWriter = {
      append: (_stream, bytes) => ((recorded += Buffer.from(bytes).toString()), 1),
      ...{ seq: 0, bytes: 0, close: () => undefined },
    };
    const output = new StepOutput(writer, redactor, clock, ({ bytes }) => {
      shown += Buffer.from(bytes).toString();
    });
    const write = (stream: Stream, text: string): void => void output.write(stream, Buffer.from(text));
    const quiet = (): void => [...due].forEach(action => action());
    return { output, write, quiet, shown: () => (assert.equal(shown, recorded), shown) };
  };

  const cases: readonly (readonly [Stream, string, string])[] = [
    ['tty', 'Continue? [yes', 'Continue? [yes'],
    ['tty', 'Users', 'Users'],
    ['tty', 'Password: sw', 'Password: sw'],
    ['tty', 'Password: swo', 'Password: swo'],
    ['tty', 'Password: swor', 'Password: '],
    ['tty', 'Password: swordfish-9', 'Password: '],
    ['stdout', 'Users', 'User'],
  ];
  for (const [stream, text, shown] of cases) {
    it(`of ${JSON.stringify(text)} on ${stream}, ${JSON.stringify(shown)} is shown once it is quiet`, () => {
      const { write, quiet, shown: seen } = open();
      write(stream, text);
      quiet();
      assert.equal(seen(), shown);
    });
  }

  it('is masked from there on where it goes on as the secret', async () => {
    const { output, write, quiet, shown } = open();
    write('tty', 'word: sw');
    quiet();
    write('tty', 'ordfish-99 done');
    await output.flush();
    assert.equal(shown(), 'word: sw••• done');
  });

  it('is waited for no more when the step is over', async () => {
    const { output, write } = open();
    write('tty', 'Users');
    await output.flush();
    output.close();
    assert.equal(due.size, 0);
  });
});
