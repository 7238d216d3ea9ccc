import assert from 'node:assert/strict';
import type { Health } from '../../../agent/health/health';
import type { Holder } from '../../../agent/health/healthWatches';
import type { CheckRow } from '../../../agent/protocol/health';
import { ClientHealth } from '../../../agent/server/clientHealth';
import { waitFor } from '../../support/waitFor';

describe('the checks of a client that is slow', () => {
  it('are told of once it has taken what was sent, each as it is by then', async () => {
    let holder: Holder | undefined;
    const watches = {
      hold: (one: Holder) => ((holder = one), { checks: [], problems: [] }),
      release: () => undefined,
    };
    const told: unknown[] = [];
    let isSlow = false;
    const client = new ClientHealth(
      () => Promise.resolve({ watches } as unknown as Health),
      (_type, params) => void told.push(params),
      () => isSlow,
    );
    await client.watch({ files: [], environment: {}, allowed: [] });
    const row = (id: string, state: CheckRow['state']): CheckRow => ({ id, state }) as CheckRow;
    holder?.changed([row('a', 'up')]);
    isSlow = true;
    holder?.changed([row('a', 'down'), row('b', 'down')]);
    holder?.changed([row('b', 'up')]);
    assert.deepEqual(told, [{ checks: [row('a', 'up')] }]);
    isSlow = false;
    await waitFor('the rest', () => told.length === 2);
    assert.deepEqual(told[1], { checks: [row('a', 'down'), row('b', 'up')] });
    client.close();
  });
});
