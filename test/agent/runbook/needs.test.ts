import assert from 'node:assert/strict';
import { parseNeed, type Need } from '../../../agent/runbook/needs';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

function check(item: string, expected: Need): void {
  it(item, () => assert.deepEqual(parseNeed(item), expected));
}

describe('parseNeed', () => {
  check('deploy', { kind: 'cell', name: 'deploy' });
  check('build v1.2', { kind: 'cell', name: 'build v1.2' });
  check('other.runbook.md#deploy', { kind: 'other', file: 'other.runbook.md', name: 'deploy' });
  check('../a%20b/c.md#log%20in', { kind: 'other', file: '../a b/c.md', name: 'log in' });
  check('/srv/x.md#a', { kind: 'other', file: '/srv/x.md', name: 'a' });
  check('a%23b.md#c#d', { kind: 'other', file: 'a#b.md', name: 'c#d' });
  for (const [item, says] of [
    ['other.md', /which cell: write `other\.md#NAME`/],
    ['other.md#', /which cell/],
    ['#deploy', /names no file: write `deploy`/],
    ['other.txt#a', /must end in \.md/],
    ['https://x.example/a.md#b', /only files can be run/],
    ['a%zz.md#b', /no percent-encoding/],
    ['a%00.md#b', /must end in \.md/],
  ] as const) {
    it(`refuses ${item}`, () => {
      const need = parseNeed(item);
      assert.match(need.kind === 'wrong' ? need.message : need.kind, says);
    });
  }

  it('is looked at where cells are named', () => {
    const source =
      '```sh {name=a needs=b.md#c}\n```\n\n```sh {name=d needs=b.md}\n```\n\n```sh {name=e needs=f}\n```\n';
    const found = parseRunbook(source).diagnostics.map(({ code, line, cells }) => [code, line, cells]);
    assert.deepEqual(found, [
      ['bad-need', 4, ['d']],
      ['unknown-needs', 7, ['e']],
    ]);
  });
});
