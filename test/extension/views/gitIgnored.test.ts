import assert from 'node:assert/strict';
import { gitIgnored } from '../../../extension/views/runbooks/gitIgnored';

describe('what git ignores', () => {
  const ignored = gitIgnored(
    new Map([
      ['', 'build/\n*.tmp.md\n/top.md\n'],
      ['docs', '!kept.tmp.md\ndraft*\n'],
    ]),
  );
  const cases: readonly (readonly [string, boolean])[] = [
    ['readme.md', false],
    ['top.md', true],
    ['docs/top.md', false],
    ['build/a.md', true],
    ['docs/build/a.md', true],
    ['a.tmp.md', true],
    ['docs/a.tmp.md', true],
    ['docs/kept.tmp.md', false],
    ['docs/drafts/x.md', true],
    ['drafts/x.md', false],
  ];
  for (const [path, expected] of cases)
    it(`${path}: ${String(expected)}`, () => assert.equal(ignored(path), expected));
});
