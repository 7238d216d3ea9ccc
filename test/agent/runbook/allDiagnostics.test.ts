import assert from 'node:assert/strict';
import { allDiagnostics, frontMatterDiagnostics } from '../../../agent/runbook/allDiagnostics';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

describe('all that is wrong in a runbook', () => {
  const cell = '\n```sh {name=a timeout=soon}\necho a\n```\n';
  const wrong =
    '---\ninputs:\n  region: { type: choce }\nsecrets:\n  key: vualt:x\nrequires:\n  kubectl: ">="\n---\n';

  it('is told without a plan, in the order of the file', () => {
    const lines = allDiagnostics(parseRunbook(wrong + cell)).map(({ line }) => line);
    for (const line of [3, 5, 7, 10])
      assert.ok(lines.includes(line), `line ${String(line)} of ${lines.join()}`);
    assert.deepEqual(
      lines,
      lines.toSorted((a, b) => a - b),
    );
  });

  it('is told of the front matter alone', () => {
    const lines = frontMatterDiagnostics(parseRunbook(wrong + cell)).map(({ line }) => line);
    assert.deepEqual([...new Set(lines)], [3, 5, 7]);
    assert.deepEqual(frontMatterDiagnostics(parseRunbook(cell)), []);
  });

  it('holds what keeps the front matter from being read', () => {
    const [first] = frontMatterDiagnostics(parseRunbook('---\ntitle: A\ntags: [1\n---\n'));
    assert.equal(first?.code, 'front-matter-syntax');
  });

  it('is nothing where nothing is', () => {
    assert.deepEqual(allDiagnostics(parseRunbook('# Fine\n\n```sh\necho a\n```\n')), []);
  });
});
