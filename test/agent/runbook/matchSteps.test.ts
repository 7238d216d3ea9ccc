import assert from 'node:assert/strict';
import { cellKeys } from '../../../agent/runbook/cellKey';
import { matchSteps } from '../../../agent/runbook/matchSteps';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

/** A runbook of cells; `#x` is a heading, `name:text` a named cell. */
function keys(...items: string[]) {
  const blocks = items.map(item => {
    if (item.startsWith('#')) return `# ${item.slice(1)}\n`;
    const [name, text] = item.includes(':') ? item.split(':') : [undefined, item];
    return `\`\`\`sh${name === undefined ? '' : ` {name=${name}}`}\n${text}\n\`\`\`\n`;
  });
  return cellKeys(parseRunbook(blocks.join('\n')));
}

function check(what: string, before: string[], after: string[], expected: string): void {
  it(what, () => {
    const cells = keys(...after);
    const matches = matchSteps(keys(...before), cells);
    const found = cells.map((_, index) => {
      const match = matches.get(index);
      return match ? `${match.position}${match.edited ? '*' : ''}` : '-';
    });
    assert.equal(found.join(' '), expected);
  });
}

describe('matchSteps', () => {
  check('nothing changed', ['a', 'b', 'c'], ['a', 'b', 'c'], '0 1 2');
  check('a cell edited', ['a', 'b', 'c'], ['a', 'B', 'c'], '0 1* 2');
  check('a cell added', ['a', 'b'], ['a', 'x', 'b'], '0 - 1');
  check('a cell removed', ['a', 'b', 'c'], ['a', 'c'], '0 2');
  check('cells moved', ['a', 'b', 'c'], ['c', 'a', 'b'], '2 0 1');
  check('a named cell edited and moved', ['n:a', 'b'], ['b', 'n:x'], '1 0*');
  check('a cell named', ['a', 'b'], ['n:a', 'b'], '0 1');
  check('a named cell renamed', ['n:a'], ['m:a'], '0');
  check('another named cell', ['n:a'], ['m:b'], '-');
  check('twins', ['a', 'a', 'b'], ['a', 'x', 'a', 'b'], '0 - 1 2');
  check('a heading renamed', ['#A', 'a', 'b'], ['#B', 'a', 'b'], '0 1');
  check('edited and added', ['a', 'b', 'c'], ['a', 'B', 'x', 'c'], '0 1* - 2');
  check('no steps', [], ['a'], '-');

  it('takes the newest step of a cell', () => {
    const [key] = keys('a');
    assert.equal(matchSteps([key!, key!], [key!]).get(0)?.position, 0);
    const [other] = keys('b');
    assert.equal(matchSteps([other!, key!], keys('c')).get(0)?.position, 0);
  });

  it('takes a runbook as well', () => {
    const runbook = parseRunbook('```sh\na\n```\n');
    assert.deepEqual(matchSteps(cellKeys(runbook), runbook).get(0), { position: 0, edited: false });
  });
});
