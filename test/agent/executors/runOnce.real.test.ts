import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness } from './harness';

describe('a cell that is a program of its own', () => {
  it('leaves no file when it ends', async () => {
    const harness = await createHarness();
    for (const text of ['print 1', 'exit 3']) await harness.run({ language: 'perl', text });
    const folder = join(harness.folder, 'runtime', 'session-1');
    assert.deepEqual(readdirSync(folder), []);
    await harness.close();
  });
});
