import assert from 'node:assert/strict';
import { checkStatements } from '../../../agent/executors/shell/fishStatements';
import { fish } from '../../support/programs';
import { needs } from '../../support/realSystem';
import { createHarness } from './harness';

describe('the statements of a fish cell', () => {
  before(needs(fish));
  const puts: readonly (readonly [what: string, text: string, checked: string])[] = [
    ['lines', 'a\nb\n', 'a\nor X 5; b\nor X 6\n'],
    ['one line', 'a; b', 'a; or X 5; b'],
    ['blocks', 'if a\n  b\nend\nc', 'if a\n  b\nend\nor X 5; c'],
    ['else if', 'if a; b; else if c; d; else; e; end; f', 'if a; b; else if c; d; else; e; end; or X 5; f'],
    ['functions', 'function f; a; b; end; c', 'function f; a; b; end; or X 5; c'],
    ['and, or', 'a; and b\nc; or d\ne', 'a; and b\nc; or d\nor X 6; e'],
    ['a default', 'set -q X; or set X 1\na; or b set\nc', 'set -q X; or set X 1\na; or b set\nor X 6; c'],
    ['answers', 'not a\n! b\na && b\nc', 'not a\n! b\na && b\nc'],
    ['alternatives', 'a || b\nc', 'a || b\nor X 5; c'],
    ['pipes over lines', 'a |\n b\nc', 'a |\n b\nor X 5; c'],
    ['quotes and comments', 'a "\nb; c" \'; d\' # e; f\ng', 'a "\nb; c" \'; d\' # e; f\nor X 5; g'],
    ['substitutions', 'a (b; c\nd)\ne', 'a (b; c\nd)\nor X 5; e'],
    ['redirections', 'a 2>&1 &>/dev/null\nb & c', 'a 2>&1 &>/dev/null\nor X 5; b & or X 6; c'],
    ['lines that go on', 'a \\\n b\nc', 'a \\\n b\nor X 5; c'],
    ['what is open', 'if a\nb\n', 'if a\nb\n'],
  ];
  for (const [what, text, checked] of puts) {
    it(`are found with ${what}`, () => assert.equal(checkStatements(text, 5, 'X'), checked));
  }

  const runs: readonly (readonly [text: string, exit: number, printed: string, line?: number])[] = [
    ['false\necho on', 1, '', 1],
    ['echo a\nsh -c "exit 7"\necho on', 7, 'a\n', 2],
    ['nosuchcmd 2>/dev/null\necho on', 127, '', 1],
    ['set -q nope; or set nope 1\necho $nope', 0, '1\n'],
    ['echo a\n\nfalse', 1, 'a\n', 3],
    [
      'if false\necho no\nend\nfalse; or echo b\nfor i in 1\ntrue\nend\nset -q nope; and echo c\necho d',
      0,
      'b\nd\n',
    ],
  ];
  for (const [text, exit, printed, line] of runs) {
    it(`end with ${exit}: ${text.replaceAll('\n', '; ')}`, async () => {
      const harness = await createHarness();
      const { ending, out } = await harness.run({ language: 'fish', text: `${text}\n`, strict: true });
      await harness.close();
      assert.deepEqual([ending.exit, out, ending.failedLine], [exit, printed, line]);
    });
  }
});
