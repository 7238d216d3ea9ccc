import assert from 'node:assert/strict';
import { codeContexts, type CodeLanguage } from '../../../../agent/runbook/substitute/codeContexts';

const letters: Readonly<Record<string, string>> = { code: 'c', string: 's', comment: '#', unknown: '?' };

/** The contexts of the `µ` in a text, a letter each. */
function check(language: CodeLanguage, text: string, expected: string): void {
  it(`${language}: ${JSON.stringify(text)}`, () => {
    const contextAt = codeContexts(language, text);
    const found = [...text.matchAll(/µ/g)].map(({ index }) => letters[contextAt(index)]);
    assert.equal(found.join(''), expected);
  });
}

describe('codeContexts', () => {
  check('python', 'µ "µ" \'µ\' µ # "µ\nµ', 'cssc#c');
  check('python', '"a\\"µ" µ "\\\\" µ', 'scc');
  check('python', '"""µ "a" µ""" µ \'\'\'µ\n"""µ\'\'\' µ', 'sscssc');
  check('python', '"not closed µ\nµ', 'sc');
  check('python', '"""not closed\nµ', 's');
  check('python', '"" µ \'\' µ', 'cc');
  check('python', 'f"{a} µ {{" µ f"{b:{w}}" µ', 'scc');
  check('python', 'µ f"{d["k"]} µ" µ', 'c??');
  check('python', 'f"{d[" µ "]}"', '?');
  check('python', "rf'{x['µ']}' + µ", '??');
  check('json', '[µ, "µ", "\\"µ", µ]', 'cssc');
  check('node', 'µ "µ" \'µ\' `µ` µ // µ\nµ /* µ\nµ */ µ', 'csssc#c##c');
  check('node', '`a ${µ} bµ ${`µ${µ}`} µ` µ', 'csscsc');
  check('node', '`${{a: 1}.a}` µ', 'c');
  check('node', 'a / µ / b; /µ"/.test(µ); return /µ/g; x = (1) / µ', 'cscsc');
  check('node', 'f({a: `µ`}) + {}[µ] // `', 'sc');
  check('node', '/[/"µ]/ + µ', 'sc');
  check('node', '"a\\\nµ" + µ', 'sc');
  check('sql', 'µ \'µ\' "µ" `µ` -- µ\nµ /* µ */ µ', 'csss#c#c');
  check('sql', "'it''s µ' µ $$ µ ' $$ µ $a$ µ $$ µ $a$ µ", 'scscssc');
  check('sql', "'a\\' µ ' µ", '??');
  check('sql', "# µ\nµ E'\\' µ' µ", '?c?c');

  it('is quick with hostile text', () => {
    for (const language of ['python', 'node', 'sql', 'json'] as const) {
      for (const piece of ['"""', '`${', '/*', "'", '$a$', '"\\', '/[', '$$', '#', '{']) {
        assert.ok(codeContexts(language, piece.repeat(20_000))(5));
      }
    }
  }).timeout(8000);
});
