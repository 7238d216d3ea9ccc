import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

describe('a fault in YAML front matter', () => {
  const rows: readonly (readonly [what: string, yaml: string, places: string[]])[] = [
    ['a quote that is not closed', 'a: 1\nsecrets:\n  T: "env:T\nenv: {A: 1}\n', ['4:6']],
    ['a list that is not closed', 'a: 1\nbad: [1, 2\ntitle: x\n', ['3:6']],
    ['two brackets that are not closed', 'a: {b: [1, 2}\nc: 1\n', ['2:4', '2:8']],
    ['a key that is there twice', 'a: 1\nb: 2\na: 3\n', ['4:1']],
  ];
  for (const [what, yaml, places] of rows) {
    it(`stands where it is mended: ${what}`, () => {
      const { diagnostics } = parseRunbook(`---\n${yaml}---\n`);
      const found = diagnostics.filter(({ code }) => code === 'front-matter-syntax');
      const told = found.map(({ line, column }) => `${line}:${column}`);
      assert.deepEqual(told.sort(), places);
    });
  }
});
