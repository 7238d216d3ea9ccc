import assert from 'node:assert/strict';
import { listenToInterrupts } from '../../../agent/cli/run/interrupts';
import { waitFor } from '../../support/waitFor';

describe('Ctrl-C', () => {
  it('cancels, and pressed again goes to the end of the ladder', async () => {
    let rungs = 0;
    const said: string[] = [];
    const interrupts = listenToInterrupts(
      () => (rungs += 1),
      text => said.push(text),
    );
    try {
      interrupts.press();
      // What comes at once is the same press, passed on by a launcher.
      interrupts.press();
      assert.deepEqual(
        [rungs, said],
        [1, ['cancelling: SIGTERM after 5 s, SIGKILL after another 5 s; Ctrl-C again to kill']],
      );
      // Once it counts it counts for two: SIGTERM and SIGKILL.
      await waitFor('another press to count', () => (interrupts.press(), rungs > 1 || undefined));
      assert.equal(rungs, 3);
    } finally {
      interrupts.dispose();
    }
  });
});
