import assert from 'node:assert/strict';
import { readNotebook } from '../../../agent/runbook/notebook';
import { restingLabel } from '../../../extension/notebook/restingCell';

describe('the label of a code cell that does not run', () => {
  it('says of front matter what it is', () => {
    const { cells } = readNotebook(new TextEncoder().encode('---\ntitle: A\n---\n\n```bash\ntrue\n```\n'));
    assert.equal(restingLabel(cells[0]!).text, 'front matter · does not run');
  });

  it('says of another one that its language does not run', () => {
    const label = restingLabel({ kind: 'code', languageId: 'yaml', text: 'a: 1\n' });
    assert.equal(label.text, 'does not run');
    assert.match(label.tooltip, /language yaml does not run/);
  });
});
