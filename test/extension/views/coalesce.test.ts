import assert from 'node:assert/strict';
import { coalesce } from '../../../extension/views/coalesce';

describe('coalesced refreshes', () => {
  it('passes the first on at once and a thousand as few, with all that changed', async () => {
    const passed: (readonly number[] | undefined)[] = [];
    const refresh = coalesce<number>(20, changed => passed.push(changed));
    refresh.fire(0);
    assert.deepEqual(passed, [[0]]);
    for (let i = 1; i <= 1000; i++) refresh.fire(i);
    await until(() => passed.length === 2);
    assert.equal(passed[1]?.length, 1000);
    refresh.dispose();
  });

  it('lets everything outweigh single rows', async () => {
    const passed: (readonly number[] | undefined)[] = [];
    const refresh = coalesce<number>(10, changed => passed.push(changed));
    refresh.fire(1);
    refresh.fire(2);
    refresh.fire(undefined);
    await until(() => passed.length === 2);
    assert.equal(passed[1], undefined);
    refresh.dispose();
  });

  it('passes nothing on once disposed', async () => {
    let count = 0;
    const refresh = coalesce<number>(5, () => count++);
    refresh.fire(1);
    refresh.fire(2);
    refresh.dispose();
    await new Promise(resolve => setTimeout(resolve, 20));
    assert.equal(count, 1);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(resolve => setTimeout(resolve, 2));
}
