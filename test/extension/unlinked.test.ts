import * as assert from 'node:assert/strict';
import { errorText } from '../../extension/agent/errorText';
import { unlinked } from '../../extension/unlinked';

/** What VS Code takes for a link in the text of a notification. */
const link = /\[[^\]]+\]\(\s*(?:command:|https?:|file:)[^)\s]+/;
const hostile =
  'needs `[Click](command:workbench.action.openSettings)`, [x]( command:y) and [](https://example.org)';

describe('text of others in a notification', () => {
  it('makes no link', () => {
    assert.match(hostile, link);
    assert.doesNotMatch(unlinked(hostile), link);
    assert.equal(unlinked('a [b] (c) d'), 'a [b] (c) d');
  });

  it('is what every error is made of', () => {
    assert.doesNotMatch(errorText(new Error(hostile)), link);
  });
});
