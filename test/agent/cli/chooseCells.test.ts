import * as assert from 'node:assert/strict';
import { UsageError } from '../../../agent/cli/call';
import { filterCells, type Candidate, type CellFilter } from '../../../agent/cli/run/chooseCells';

const none: CellFilter = { cells: [], tags: [], skipTags: [], from: undefined, until: undefined };

const candidates: Candidate[] = [
  { index: 0, name: 'a', tags: ['db'], lines: [3, 6], whole: true },
  { index: 1, name: 'b', tags: [], lines: [8, 12], whole: true },
  { index: 2, name: '4', tags: ['db', 'slow'], lines: [14, 16], whole: true },
  { index: 3, name: 'd', tags: ['slow'], lines: [20, 20], whole: false },
];

describe('choosing cells', () => {
  const rows: [Partial<CellFilter>, number[]][] = [
    [{}, [0, 1, 2]],
    [{ cells: ['b'] }, [1]],
    [{ cells: ['d', 'a'] }, [0, 3]],
    [{ cells: ['2'] }, [1]],
    // A name goes before a position.
    [{ cells: ['4'] }, [2]],
    [{ cells: [':8'] }, [1]],
    [{ cells: [':12'] }, [1]],
    [{ tags: ['db'] }, [0, 2]],
    [{ tags: ['db', 'slow'] }, [0, 2]],
    [{ tags: ['db'], skipTags: ['slow'] }, [0]],
    [{ skipTags: ['db'] }, [1]],
    [{ from: 'b' }, [1, 2]],
    [{ until: 'b' }, [0, 1]],
    [{ from: 'b', until: 'b' }, [1]],
    [{ from: '4', until: 'a' }, []],
    [{ cells: ['a', 'b'], tags: ['db'] }, [0]],
  ];
  for (const [filter, expected] of rows) {
    it(JSON.stringify(filter), () =>
      assert.deepEqual(filterCells(candidates, { ...none, ...filter }), expected),
    );
  }

  for (const wrong of ['nope', '0', '9', '-1']) {
    it(`refuses ${wrong} and says what there is`, () => {
      assert.throws(
        () => filterCells(candidates, { ...none, cells: [wrong] }),
        (error: unknown) => error instanceof UsageError && error.message.includes('a, b, 4, d'),
      );
    });
  }

  const refused: [Partial<CellFilter>, string][] = [
    [{ cells: [':1'] }, 'there is no cell at line 1; the next is at line 3'],
    [{ cells: [':7'] }, 'there is no cell at line 7; the next is at line 8'],
    [{ cells: [':99'] }, 'there is no cell at line 99; the last is at line 20'],
    [{ tags: ['db', 'nope'] }, 'no cell has the tag nope. There is: db, slow'],
  ];
  for (const [filter, message] of refused) {
    it(message, () => assert.throws(() => filterCells(candidates, { ...none, ...filter }), { message }));
  }
});
