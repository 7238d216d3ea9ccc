import assert from 'node:assert/strict';
import { HandrailError } from '../../../agent/protocol/errors';

describe('an expected failure', () => {
  it('is one in another bundle, which has a class of its own', async () => {
    const copy = (await import(`../../../agent/protocol/errors.ts?${String(Date.now())}`)) as {
      HandrailError: typeof HandrailError;
    };
    assert.notEqual(copy.HandrailError, HandrailError);
    const error: unknown = new copy.HandrailError('engine', 'It said no.');
    assert.ok(error instanceof HandrailError);
    assert.equal(error.code, 'engine');
    class Special extends HandrailError {}
    assert.ok(new Special('engine', 'It said no.') instanceof Special);
    assert.ok(!(error instanceof Special));
    for (const other of [new Error('x'), undefined, 'text', {}]) assert.ok(!(other instanceof HandrailError));
  });
});
