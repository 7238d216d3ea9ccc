import assert from 'node:assert/strict';
import { errorText } from '../../../extension/agent/errorText';
import { HandrailError } from '../../../agent/protocol/errors';

describe('errors in words', () => {
  const diagnostics = [
    { line: 3, column: 5, message: 'Two cells are named restart', hint: 'Give one of them another name' },
    { line: 9, column: 1, message: 'needs=gone names no cell' },
  ];
  const cases: readonly (readonly [unknown, string])[] = [
    [new Error('plain'), 'plain'],
    ['text', 'text'],
    [
      new HandrailError('invalidRunbook', 'Cannot run', { file: '/docs/a.md', diagnostics }),
      'a.md:3:5: Two cells are named restart. Give one of them another name\na.md:9:1: needs=gone names no cell',
    ],
    [new HandrailError('invalidRunbook', 'No cell to run'), 'No cell to run'],
    [
      new HandrailError('untrusted', 'untrusted'),
      'This workspace is not trusted, so nothing runs in it. Trust it with Manage Workspace Trust.',
    ],
    [new HandrailError('store', 'No space left'), 'The history cannot be written: No space left'],
    [
      new HandrailError('unavailable', 'The agent did not start (exit code 1)'),
      'The agent did not start (exit code 1). Restart Agent tries again; Show Agent Log says more.',
    ],
    [new HandrailError('notFound', 'No run 8f3a'), 'No run 8f3a'],
  ];
  for (const [error, expected] of cases)
    it(expected.split('\n', 1)[0] ?? '', () => assert.equal(errorText(error), expected));
});
