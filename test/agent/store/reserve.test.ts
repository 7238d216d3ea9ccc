import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Reserve } from '../../../agent/store/reserve';

describe('space kept for the end of what is under way', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'handrail-reserve-'));
    path = join(folder, 'reserve');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is there once it is held, for this person only, and gone once it is given back', () => {
    const reserve = new Reserve(path);
    assert.equal(reserve.release(), false);
    reserve.hold();
    const { size, mode } = statSync(path);
    assert.deepEqual([size > 0, mode & 0o777], [true, 0o600]);
    reserve.hold();
    assert.deepEqual([reserve.release(), existsSync(path), reserve.release()], [true, false, false]);
  });

  it('is made whole where only part of it was written', () => {
    writeFileSync(path, 'part');
    new Reserve(path).hold();
    assert.ok(statSync(path).size > 4);
  });

  it('says why it cannot be held', () => {
    assert.throws(() => new Reserve(join(path, 'below')).hold(), /ENOENT/);
  });
});
