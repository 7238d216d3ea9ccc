import assert from 'node:assert/strict';
import { inOrder } from '../../../extension/views/runbooks/inOrder';

describe('runbooks in order', () => {
  it('are together by folder, numbers as one counts', () => {
    const wanted = ['a.md', 'z.md', 'b/2-x.md', 'b/10-x.md', 'b/c/a.md', 'b2/a.md', 'b10/a.md'];
    const files = wanted.toReversed().map(path => ({ path }));
    assert.deepEqual(
      inOrder(files).map(({ path }) => path),
      wanted,
    );
  });
});
