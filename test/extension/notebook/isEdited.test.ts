import assert from 'node:assert/strict';
import { cellKeys } from '../../../agent/runbook/cellKey';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { isEdited } from '../../../extension/notebook/isEdited';
import { someStep } from '../../support/someRuns';

describe('a cell that ran', () => {
  const cellsOf = (text: string) => parseRunbook(`\`\`\`sh\n${text}\n\`\`\`\n`);
  const written = 'echo ${{ inputs.region }} <name>';
  const [key] = cellKeys(cellsOf(written));
  const step = { ...someStep, key: key!, text: 'echo "$region" web\n' };

  it('was not edited because values were filled in', () =>
    assert.equal(isEdited(step, cellsOf(written).cells[0]!), false));

  it('was edited where its text is another one', () =>
    assert.equal(isEdited(step, cellsOf(`${written} more`).cells[0]!), true));
});
