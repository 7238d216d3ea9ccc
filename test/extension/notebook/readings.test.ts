import assert from 'node:assert/strict';
import { Readings } from '../../../extension/notebook/readings';

describe('what was read of a notebook', () => {
  let reads: number;
  let document: { cells: string[] };
  let readings: Readings<typeof document, string>;

  beforeEach(() => {
    reads = 0;
    document = { cells: ['one', 'two'] };
    readings = new Readings(
      ({ cells }) => [...cells],
      ({ cells }) => {
        reads++;
        if (cells.includes('refused')) throw new Error(`refused ${reads}`);
        return cells.join(' ');
      },
    );
  });

  it('is kept until a cell changes, comes or goes', () => {
    const states = [['one', 'two'], ['one', '2'], ['one'], ['one', 'two', 'three']];
    for (const [i, cells] of states.entries()) {
      document.cells = cells;
      assert.equal(readings.now(document), cells.join(' '));
      assert.equal(readings.now(document), cells.join(' '));
      assert.equal(reads, i + 1);
    }
  });

  it('is kept where it was refused, too', () => {
    document.cells = ['refused'];
    for (let i = 0; i < 3; i++) {
      assert.throws(() => readings.now(document), /^Error: refused 1$/);
      assert.equal(readings.last(document), undefined);
    }
    assert.equal(reads, 1);
    document.cells = ['well'];
    assert.equal(readings.now(document), 'well');
  });

  it('is what was read last while keys are pressed, and read once after them', () => {
    assert.equal(readings.last(document), 'one two');
    for (const key of 'typed') {
      document.cells = [`${document.cells[0]!}${key}`, 'two'];
      assert.equal(readings.last(document), 'one two');
    }
    assert.equal(reads, 1);
    readings.refresh(document);
    assert.equal(readings.last(document), 'onetyped two');
    assert.equal(reads, 2);
  });

  it('does not throw when it is made anew', () => {
    document.cells = ['refused'];
    readings.refresh(document);
    assert.equal(readings.last(document), undefined);
  });
});
