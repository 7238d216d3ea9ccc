import assert from 'node:assert/strict';
import { searchExpression } from '../../../../agent/store/search/searchQuery';

describe('a search expression', () => {
  const cases: readonly [query: string, words: string | undefined][] = [
    ['', undefined],
    ['   ', undefined],
    ['-- => "" ""', undefined],
    ['error', '"error" *'],
    ['connection refused', '"connection" AND "refused" *'],
    ['"connection refused"', '"connection refused"'],
    ['"connection refused" api', '"connection refused" AND "api" *'],
    ['api "connection refused', '"api" AND "connection refused"'],
    ['-flag --dry-run', '"-flag" AND "--dry-run" *'],
    ['a OR b NOT c', '"a" AND "OR" AND "b" AND "NOT" AND "c"'],
    ['name:x* ^y NEAR(a, 2)', '"name:x*" AND "^y" AND "NEAR(a," AND "2)"'],
    ['say"hi"there', '"say" AND "hi" AND "there" *'],
    ['größe 日本', '"größe" AND "日本" *'],
    ['x', '"x"'],
    ['nul\0byte', '"nul" AND "byte" *'],
  ];
  for (const [query, words] of cases) {
    it(`of ${JSON.stringify(query)} is ${words ?? 'none'}`, () => {
      const expected = words === undefined ? undefined : `{name text output} : (${words})`;
      assert.equal(searchExpression(query), expected);
    });
  }

  it('holds no more words than make sense', () => {
    assert.equal(searchExpression('w '.repeat(500))?.match(/"w"/g)?.length, 32);
  });
});
