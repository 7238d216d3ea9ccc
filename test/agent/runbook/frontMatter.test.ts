import assert from 'node:assert/strict';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

function check(
  what: string,
  source: string,
  values: Record<string, unknown> | undefined,
  ...problems: string[]
): void {
  it(what, () => {
    const { frontMatter, diagnostics } = parseRunbook(source);
    assert.deepEqual(frontMatter?.values, values);
    assert.deepEqual(
      diagnostics.map(({ code, line, column }) => `${code} ${line}:${column}`),
      problems,
    );
  });
}

describe('front matter', () => {
  check('YAML', '---\ntitle: A\n---\n', { title: 'A' });
  check('YAML that ends with dots', '---\na: 1\n...\n', { a: 1 });
  check('YAML with CRLF', '---\r\na: 1\r\n---\r\n', { a: 1 });
  check('YAML after a byte order mark', '\uFEFF---\na: 1\n---\n', { a: 1 });
  check('YAML with merge keys', '---\nb: &b {x: 1}\nd: {<<: *b}\n---\n', { b: { x: 1 }, d: { x: 1 } });
  check('empty', '---\n---\n', {});
  check('TOML', '+++\na = 1\n+++\n', { a: 1 });
  check('JSON', '{\n  "a": 1\n}\n\n# T\n', { a: 1 });
  check('a thematic break', '---\n\n# T\n', undefined);
  check('two thematic breaks', '---\n\nSome text.\n\n---\n', undefined);
  check('not closed', '---\na: 1\n', undefined);
  check('Jinja', '{% if x %}\n', undefined);
  check('YAML that is none', '---\nb: 1\na: [\n---\n', {}, 'front-matter-syntax 3:4');
  check('words', '---\njust words\n---\n', {}, 'front-matter-syntax 2:1');
  check('a list', '---\n[1, 2]\n---\n', {}, 'front-matter-syntax 2:1');
  check('TOML that is none', '+++\na = 1\nb = \n+++\n', {}, 'front-matter-syntax 3:5');
  check('JSON that is none', '{\n "a": x\n}\n', {}, 'front-matter-syntax 2:7', 'front-matter-syntax 3:1');
  check('too deep', `---\na: ${'['.repeat(1000)}\n---\n`, {}, 'front-matter-syntax 2:68');

  it('does not unfold an alias bomb', () => {
    const levels = [...'bcdefghij'].map(
      (key, at) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghi'[at]}`).join()}]`,
    );
    const { frontMatter, diagnostics } = parseRunbook(
      `---\na: &a [x]\n${levels.join('\n')}\n---\n\n\`\`\`sh\nx\n\`\`\`\n`,
    );
    assert.deepEqual(frontMatter?.values, {});
    assert.equal(diagnostics[0]?.code, 'front-matter-syntax');
  });

  it('is meant for Handrail where it has a key of ours', () => {
    assert.equal(parseRunbook('---\ntitle: A\n---\n').frontMatter?.handrail, false);
    assert.equal(parseRunbook('---\ninputs: {}\n---\n').frontMatter?.handrail, true);
  });

  it('adds languages', () => {
    const source = '---\nlanguages: {jq: jq -f, msh: bash}\n---\n```jq\n.\n```\n```msh\nx\n```\n';
    assert.deepEqual(
      parseRunbook(source).cells.map(({ language }) => language),
      ['jq', 'bash'],
    );
  });
});
