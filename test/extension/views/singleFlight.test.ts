import assert from 'node:assert/strict';
import { SingleFlight } from '../../../extension/views/singleFlight';

describe('reads in a single flight', () => {
  const asked: PromiseWithResolvers<string>[] = [];
  const start = () => {
    asked.push(Promise.withResolvers());
    return asked.at(-1)!.promise;
  };
  beforeEach(() => asked.splice(0));

  it('is one read for all that ask while it is under way', async () => {
    const reads = new SingleFlight<string>();
    const answers = [reads.read('a', start), reads.read('a', start), reads.read('b', start)];
    assert.equal(asked.length, 2);
    asked[0]!.resolve('of a');
    asked[1]!.resolve('of b');
    assert.deepEqual(await Promise.all(answers), ['of a', 'of a', 'of b']);
    void reads.read('a', start);
    assert.equal(asked.length, 3, 'a new one after its end');
  });

  it('is another read once the first is out of date, and the first does not take its place', async () => {
    const reads = new SingleFlight<string>();
    const old = reads.read('a', start);
    reads.forget('a');
    const fresh = reads.read('a', start);
    asked[0]!.resolve('old');
    assert.equal(await old, 'old');
    assert.equal(reads.read('a', start), fresh);
    asked[1]!.resolve('fresh');
    assert.equal(await fresh, 'fresh');
  });

  it('is tried again after a failure', async () => {
    const reads = new SingleFlight<string>();
    const failing = reads.read('a', start);
    asked[0]!.reject(new Error('gone'));
    await assert.rejects(failing, /gone/);
    void reads.read('a', start);
    assert.equal(asked.length, 2);
  });
});
