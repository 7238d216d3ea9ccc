import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linearPattern } from '../../../agent/runbook/linearPattern';

/** That a pattern matches what RegExp says it does, where the whole text is compared. */
function check(pattern: string, ...texts: string[]): void {
  it(pattern, () => {
    const { pattern: linear, problem } = linearPattern(pattern);
    assert.equal(problem, undefined);
    const regex = new RegExp(`^(?:${pattern})$`, isUnicode(pattern) ? 'u' : '');
    for (const text of texts) assert.equal(linear?.matches(text), regex.test(text), JSON.stringify(text));
  });
}

function isUnicode(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

const dns = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*';

describe('linearPattern', () => {
  check('', '', 'a');
  check('abc', 'abc', 'ab', 'abcd', '');
  check('^abc$', 'abc', 'xabc');
  check('a|b|cd', 'a', 'b', 'cd', 'c', 'ab');
  check('a*b+c?', 'b', 'aabbc', 'a', 'bcc');
  check('a{2}b{1,2}c{2,}', 'aabcc', 'aabbccc', 'abcc', 'aabc');
  check('(?:ab)+?(c|d)*', 'ab', 'ababcd', 'aba');
  check('[a-c\\]x]+', 'abc]', 'd');
  check('[^a]\\d\\w\\s', 'b1_ ', 'a1_ ');
  check('.', 'a', '\n', '😀', 'ab');
  check('\\p{L}+', 'äöü', '1');
  check('\\.\\*\\/\\$', '.*/$', 'a*/$');
  check('x^y|a$b|(^c)', 'xy', 'ab', 'c', 'x^y');
  check('\\-a{', '-a{', 'a{');
  check('(?<year>\\d{4})-\\d\\d', '2024-01', '24-01');
  check('\\u0041\\x42\\t', 'AB\t', 'AB');
  check('()*a(|b)', 'a', 'ab', '');
  check(dns, 'a', 'a-b.c', '-a', 'a..b', `${'a'.repeat(100)}.b`);

  for (const [pattern, problem] of [
    ['(?=a)', /lookaround/],
    ['(?<!a)b', /lookaround/],
    ['(a)\\1', /back-reference/],
    ['\\bx', /\\b/],
    ['(', /Unterminated group/],
    ['a{1000}{1000}', /./],
    ['((a{100}){100}){100}', /repeats too much/],
    ['('.repeat(60) + ')'.repeat(60), /deep/],
  ] as const) {
    it(`refuses ${pattern.slice(0, 20)}`, () => assert.match(linearPattern(pattern).problem ?? '', problem));
  }

  it('agrees with RegExp on random patterns', () => {
    const atom = fc.constantFrom('a', 'b', '[ab]', '.', '(a|b)', '(ab)', '(a*b|)', '(|a)');
    const part = fc
      .tuple(atom, fc.constantFrom('', '*', '+', '?', '{2}', '{1,2}', '*?'))
      .map(both => both.join(''));
    const pattern = fc.array(part, { maxLength: 5 }).map(parts => parts.join(''));
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (one, given) => {
        assert.equal(linearPattern(one).pattern?.matches(given), new RegExp(`^(?:${one})$`).test(given));
      }),
    );
  });
});
