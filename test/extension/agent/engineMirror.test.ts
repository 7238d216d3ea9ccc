import assert from 'node:assert/strict';
import { EngineMirror, type EngineNews } from '../../../extension/agent/engineMirror';
import { aContainer, anImage, connected } from '../../support/someContainers';

function news(part: Partial<EngineNews>): EngineNews {
  return { endpoint: 'e', reset: [], complete: [], rows: [], gone: [], ...part };
}

function names(mirror: EngineMirror): string[] {
  return [...mirror.rows('container').values()].map(({ name }) => name);
}

describe('mirror of an engine', () => {
  it('takes rows as they come and knows when all of a kind have', () => {
    const mirror = new EngineMirror('e');
    const first = mirror.take(news({ state: connected, reset: ['container'], rows: [aContainer('a')] }));
    assert.deepEqual(first, { endpoint: 'e', whole: true, rows: [{ kind: 'container', id: 'id-of-a' }] });
    assert.equal(mirror.knows('container'), false);
    mirror.take(news({ rows: [aContainer('b')], complete: ['container'] }));
    assert.equal(mirror.knows('container'), true);
    assert.equal(mirror.knows('image'), false);
    assert.deepEqual(names(mirror), ['a', 'b']);
  });

  it('takes changes and what is gone', () => {
    const mirror = new EngineMirror('e');
    mirror.take(
      news({ rows: [aContainer('a'), aContainer('b'), anImage('x')], complete: ['container', 'image'] }),
    );
    const change = mirror.take(
      news({ rows: [aContainer('a', { state: 'exited' })], gone: [{ kind: 'container', id: 'id-of-b' }] }),
    );
    assert.equal(change.whole, false);
    assert.deepEqual(change.rows.map(({ id }) => id).sort(), ['id-of-a', 'id-of-b']);
    assert.deepEqual(names(mirror), ['a']);
    assert.equal(mirror.rows('container').get('id-of-a')?.state, 'exited');
    assert.equal(mirror.rows('image').size, 1);
  });

  it('keeps what was known while all is told anew, then drops what is gone', () => {
    const mirror = new EngineMirror('e');
    mirror.take(news({ rows: [aContainer('a'), aContainer('b')], complete: ['container'] }));
    mirror.take(news({ state: connected, reset: ['container'], rows: [aContainer('c')] }));
    assert.deepEqual(names(mirror), ['a', 'b', 'c']);
    assert.equal(mirror.knows('container'), true, 'what was known stays in sight');
    const change = mirror.take(news({ rows: [aContainer('b')], complete: ['container'] }));
    assert.deepEqual(names(mirror), ['b', 'c']);
    assert.ok(change.rows.some(({ id }) => id === 'id-of-a'));
  });

  it('does not bring back what went while all was told anew', () => {
    const mirror = new EngineMirror('e');
    mirror.take(news({ reset: ['container'], rows: [aContainer('a')] }));
    mirror.take(news({ gone: [{ kind: 'container', id: 'id-of-a' }], complete: ['container'] }));
    assert.deepEqual(names(mirror), []);
  });

  it('counts its versions, so that what is made of rows can be kept', () => {
    const mirror = new EngineMirror('e');
    mirror.take(news({ state: connected }));
    assert.equal(mirror.version, 0);
    mirror.take(news({ rows: [aContainer('a')] }));
    assert.equal(mirror.version, 1);
  });
});
