import assert from 'node:assert/strict';
import type { OpenLog } from '../../../agent/logs/mergedLines';
import { ClientLogs } from '../../../agent/server/logs';

const most = 50;
/** Runs until it is closed. */
function silentLog(): OpenLog {
  const closed = Promise.withResolvers<void>();
  return { sources: [], run: () => closed.promise, close: () => closed.resolve() };
}

describe('logs of a client', () => {
  it('are so many at most, also of those that are opened side by side', async () => {
    const logs = new ClientLogs(() => undefined);
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const open = () =>
      logs.open(async () => {
        begun += 1;
        await gate.promise;
        return silentLog();
      });
    const asked = Array.from({ length: most + 10 }, open);
    gate.resolve();
    const results = await Promise.allSettled(asked);
    const refused = results.filter(result => result.status === 'rejected');
    assert.deepEqual([begun, refused.length], [most, 10]);
    for (const { reason } of refused) assert.equal((reason as { code?: string }).code, 'busy');
    logs.close(1);
    await open();
    logs.closeAll();
  });

  it('take no room where they could not be opened', async () => {
    const logs = new ClientLogs(() => undefined);
    const fail = () => logs.open(() => Promise.reject(new Error('no engine')));
    for (let turn = 0; turn < most + 1; turn++) await assert.rejects(fail(), /no engine/);
    await logs.open(() => Promise.resolve(silentLog()));
    logs.closeAll();
  });
});
