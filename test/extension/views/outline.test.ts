import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { filterOutline, outlineOf, type Outline } from '../../../extension/views/runbooks/outline';

const source = `\`\`\`sh
echo first
\`\`\`

# Restart the API

## Find

\`\`\`sh {name=find}
# where is it?
kubectl get pods
\`\`\`

### Deeper

\`\`\`python
print("deep")
\`\`\`

## Restart

\`\`\`sh {name=drain}
kubectl drain node
\`\`\`
\`\`\`sh
kubectl apply -f x
\`\`\`
`;

function shape(outline: Outline | undefined): unknown {
  return outline?.sections.map(({ title, cells }) => [title, cells.map(({ command }) => command)]);
}

describe('the outline of a runbook', () => {
  const outline = outlineOf(parseRunbook(source));

  it('has its cells below their nearest headings', () => {
    assert.deepEqual(shape(outline), [
      [undefined, ['echo first']],
      ['Find', ['kubectl get pods']],
      ['Deeper', ['print("deep")']],
      ['Restart', ['kubectl drain node', 'kubectl apply -f x']],
    ]);
  });

  it('knows where headings and cells stand', () => {
    assert.deepEqual(
      outline?.sections.map(({ line, around, cells }) => [line, around, cells.map(cell => cell.line)]),
      [
        [1, [], [1]],
        [7, ['Restart the API'], [9]],
        [14, ['Restart the API', 'Find'], [16]],
        [20, ['Restart the API'], [22, 25]],
      ],
    );
  });

  it('is none for Markdown without a cell', () => {
    assert.equal(outlineOf(parseRunbook('# Only text\n\n```yaml\na: 1\n```\n')), undefined);
  });

  const filters: readonly (readonly [string, unknown])[] = [
    ['', shape(outline)],
    ['RESTART-api', shape(outline)],
    ['the api', shape(outline)],
    ['deeper', [['Deeper', ['print("deep")']]]],
    [
      'find',
      [
        ['Find', ['kubectl get pods']],
        ['Deeper', ['print("deep")']],
      ],
    ],
    ['drain', [['Restart', ['kubectl drain node']]]],
    ['python', [['Deeper', ['print("deep")']]]],
    ['nothing has this', undefined],
  ];
  for (const [filter, expected] of filters) {
    it(`filtered by "${filter}"`, () => {
      assert.ok(outline);
      assert.deepEqual(shape(filterOutline(outline, 'docs/restart-api.md', filter)), expected);
    });
  }
});
