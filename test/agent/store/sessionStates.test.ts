import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import { openStore } from '../../../agent/store/openStore';
import { temporaryFolder } from '../../support/temporaryFolder';

describe('saved states of sessions', () => {
  it('lie in a folder for this user only, the last 50 of a run', async () => {
    await using folder = await temporaryFolder('handrail-states');
    const store = openStore(folder.path);
    for (let step = 0; step < 60; step++) writeFileSync(store.statePath('abc', step), String(step));
    const path = store.statePath('abc', 30);
    assert.ok(isAbsolute(path) && existsSync(path));
    assert.equal(statSync(dirname(path)).mode & 0o777, 0o700);
    assert.deepEqual(
      readdirSync(dirname(path))
        .map(Number)
        .sort((a, b) => a - b),
      Array.from({ length: 50 }, (_, at) => at + 10),
    );
    store.close();
  });
});
