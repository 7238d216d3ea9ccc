import assert from 'node:assert/strict';
import { shortFolders } from '../../../extension/views/runbooks/shortFolders';

describe('folders that tell files apart', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    [
      'the innermost of a file whose name is its own',
      { 'a/docs/restart.md': 'docs', 'b/docs/drain.md': 'docs' },
    ],
    ['nothing at the root', { 'README.md': '', 'docs/README.md': 'docs' }],
    [
      'the one that differs first',
      {
        'services/payments/docs/README.md': 'payments/…',
        'services/billing/docs/README.md': 'billing/…',
        'services/README.md': 'services',
        'README.md': '',
      },
    ],
    [
      'more than one where no single one differs',
      { 'a/b/c/x.md': 'a/b/…', 'b/c/a/x.md': 'c/a', 'c/b/a/x.md': 'b/a' },
    ],
  ];
  for (const [title, expected] of cases) {
    it(title, () => {
      const found = shortFolders(Object.keys(expected));
      assert.deepEqual(Object.fromEntries(found), expected);
    });
  }
});
