import assert from 'node:assert/strict';
import { excerptOf } from '../../../../agent/store/search/excerpt';

describe('an excerpt', () => {
  const long = `${'x'.repeat(500)} needle ${'y'.repeat(500)}`;
  const cases: readonly [what: string, text: string, query: string, excerpt: string | undefined][] = [
    ['is the line that was found', 'one\n  two three\nfour\n', 'three', 'two three'],
    ['is the line with most of the words', 'api up\nrefused\napi refused\n', 'refused api', 'api refused'],
    ['knows no upper case', 'Connection REFUSED\n', 'refused', 'Connection REFUSED'],
    ['knows no accents', 'Größe der Datei\n', 'grosse grö', 'Größe der Datei'],
    ['holds a phrase', 'a b\nb a\na  c b a d', '"b a d"', 'a  c b a d'],
    ['finds parts where the whole is written otherwise', 'pod web/7c4b\n', 'web-7c4b', 'pod web/7c4b'],
    ['is nothing where nothing is found', 'one\ntwo', 'three', undefined],
    ['is nothing of nothing', '', 'three', undefined],
  ];
  for (const [what, text, query, excerpt] of cases) {
    it(what, () => assert.equal(excerptOf(text, query), excerpt));
  }

  it('is cut to what is around the word', () => {
    const excerpt = excerptOf(long, 'needle') ?? '';
    assert.match(excerpt, /^…x{20,} needle y{20,}…$/);
    assert.ok(excerpt.length <= 210);
  });
});
