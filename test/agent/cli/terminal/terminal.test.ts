import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { openTerminal } from '../../../../agent/cli/terminal/terminal';

describe('the terminal', () => {
  it('waits once for a reader that is slow, however much is printed', async () => {
    const stdout = new PassThrough({ highWaterMark: 16 });
    const world = { env: {}, stdin: undefined, stdout, stderr: new PassThrough() };
    const screen = openTerminal(world, { color: 'never' }).stdout;
    const before = stdout.listenerCount('drain');
    const waits = Array.from({ length: 1000 }, () => screen.write('0123456789 0123456789\n'));
    assert.equal(stdout.listenerCount('drain'), before + 1);
    stdout.resume();
    for (const wait of waits) await wait;
    assert.equal(stdout.listenerCount('drain'), before);
    stdout.pause();
    assert.ok(screen.write('x'.repeat(100)) instanceof Promise, 'it waits again');
  });
});
