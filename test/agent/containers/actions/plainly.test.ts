import assert from 'node:assert/strict';
import { plainly } from '../../../../agent/containers/actions/act';

describe('what an engine says', () => {
  it('has ids as short as everywhere else, and leaves the full stop to who goes on', () => {
    const id = 'ab12'.repeat(16);
    assert.equal(
      plainly(`cannot remove container ${id}: it is running.. `),
      'cannot remove container ab12ab12ab12: it is running',
    );
  });

  it('is cut where it is endless', () => assert.ok(plainly('x '.repeat(5000)).length <= 501));
});
