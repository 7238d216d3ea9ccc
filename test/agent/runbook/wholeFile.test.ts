import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { leftOut, wholeFile } from '../../../agent/runbook/wholeFile';

const cells = '```sh {name=a}\n```\n\n```python {name=b}\n```\n\n```js {name=c}\n```\n';

function check(file: string, front: string, taken: string, left: string): void {
  it(`${file} ${front}`, () => {
    const runbook = parseRunbook(`${front}${cells}`);
    assert.equal(
      wholeFile(runbook, file)
        .map(({ name }) => name)
        .join(),
      taken,
    );
    assert.equal(
      leftOut(runbook, file)
        .map(({ cell }) => cell.name)
        .join(),
      left,
    );
  });
}

describe('wholeFile', () => {
  check('page.md', '', 'a', 'b,c');
  check('page.md', '---\ntitle: x\n---\n', 'a', 'b,c');
  check('page.runbook.md', '', 'a,b,c', '');
  check('page.md', '---\ninputs: {}\n---\n', 'a,b,c', '');

  it('says why', () => {
    const why = new Set(leftOut(parseRunbook(cells), 'page.md').map(one => one.why));
    assert.deepEqual(
      [...why],
      [
        'not part of a whole run: this file was not written for Handrail; run it by itself, or name the file *.runbook.md',
      ],
    );
  });
});
