import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { unended } from '../../../agent/executors/process/stopLadder';

describe('what a stopped cell could not end', () => {
  it('is named with its command', () => {
    const child = spawn('sleep', ['351'], { stdio: 'ignore' });
    const { pid = 0 } = child;
    const { message } = unended([{ pid, parent: 1, group: 1, startTime: '1' }]);
    child.kill('SIGKILL');
    assert.match(message ?? '', new RegExp(`Still running.*: ${pid} \\(sleep 351\\)\\. End it`));
  });

  it('is not named where there is nothing', () => {
    assert.deepEqual(unended([]), {});
  });
});
