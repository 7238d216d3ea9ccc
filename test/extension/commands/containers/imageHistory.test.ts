import assert from 'node:assert/strict';
import { historyText } from '../../../../extension/commands/containers/imageHistory';

describe('the history of an image', () => {
  it('is a table of its steps, without what builders put around them', () => {
    const now = Date.UTC(2026, 0, 3);
    const step = { createdAt: now - 86_400_000, size: 0, tags: [], comment: '' };
    const text = historyText(
      [
        { ...step, by: '/bin/sh -c #(nop)  CMD ["sh"]', tags: ['busybox:1'] },
        { ...step, by: 'RUN /bin/sh -c make # buildkit', size: 3 * 1024 * 1024, comment: 'buildkit.v0' },
        { ...step, createdAt: 0, by: '' },
      ],
      now,
    );
    assert.deepEqual(
      text.split('\n').map(line => line.replace(/ {2,}/g, ' | ')),
      [
        'CREATED | SIZE | TAGS | STEP',
        '24 h ago | 0 | busybox:1 | CMD ["sh"]',
        '24 h ago | 3 MiB | RUN /bin/sh -c make # buildkit | # buildkit.v0',
        ' | 0',
        '',
      ],
    );
  });

  it('says so where an image has none', () => {
    assert.equal(historyText([], 0), 'This image does not tell how it was built.\n');
  });
});
