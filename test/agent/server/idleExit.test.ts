import assert from 'node:assert/strict';
import { IdleExit } from '../../../agent/server/idleExit';

describe('IdleExit', () => {
  it('looks once, however long it waits', async () => {
    let looks = 0;
    const activity = { clients: 0, runs: 0, sessionsUsedAt: [] };
    const month = 30 * 24 * 60 * 60 * 1000;
    const long = new IdleExit(
      month,
      () => {
        looks++;
        return activity;
      },
      () => assert.fail('left at once'),
    );
    await new Promise<void>(resolve => new IdleExit(30, () => activity, resolve));
    long.stop();
    assert.equal(looks, 1);
  });

  it('leaves also where the clock of the system was set back', async () => {
    const now = Date.now;
    const activity = { clients: 0, runs: 0, sessionsUsedAt: [] };
    try {
      const left = new Promise<void>(resolve => new IdleExit(30, () => activity, resolve));
      Date.now = () => now() - 24 * 60 * 60 * 1000;
      await left;
    } finally {
      Date.now = now;
    }
  });
});
