import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createRedactor } from '../../../agent/secrets/createRedactor';
import type { Redactor } from '../../../agent/secrets/types';

const mask = '•••';

function redactorOf(...values: string[]): Redactor {
  const redactor = createRedactor();
  for (const value of values) redactor.add(value);
  return redactor;
}

/** The bytes in pieces that end at these places. */
function streamed(redactor: Redactor, bytes: Buffer, cuts: readonly number[]): Buffer {
  const stream = redactor.stream();
  const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = places
    .slice(1)
    .map((end, index) => stream.write(Buffer.from(bytes.subarray(places[index], end))));
  return Buffer.concat([...parts, stream.end()]);
}

describe('createRedactor', () => {
  const check = (what: string, secrets: string[], text: string, expected: string): unknown =>
    it(what, () => {
      const redactor = redactorOf(...secrets);
      assert.equal(redactor.text(text), expected);
      const bytes = Buffer.from(text);
      const oneByOne = Array.from({ length: bytes.length }, (_, index) => index);
      assert.equal(streamed(redactor, bytes, oneByOne).toString(), expected, 'byte by byte');
    });

  check('leaves a text without secrets', ['hunter2'], 'hunter3 hunte', 'hunter3 hunte');
  check('masks one', ['hunter2'], 'a hunter2 b', `a ${mask} b`);
  check('masks adjacent ones', ['hunter2'], 'hunter2hunter2', mask + mask);
  check(
    'masks the longer where one begins another',
    ['hunter', 'hunter22'],
    'hunter22 hunter2',
    `${mask} ${mask}2`,
  );
  check('masks both where two overlap', ['abcdef', 'defghi'], '.abcdefghi.', `.${mask}.`);
  check('masks one within another that is not finished', ['bcde', 'abcdefgh'], 'abcdefg', `a${mask}fg`);
  check('masks what overlaps itself', ['aaaa'], 'baaaaaaab', `b${mask}b`);
  check('knows no pattern', ['a.*[b]+$(x)'], 'a.*[b]+$(x) aab', `${mask} aab`);
  check('leaves an unfinished one at the end', ['hunter2'], 'my hunt', 'my hunt');
  check('masks characters of several bytes', ['pässwörd€'], 'x pässwörd€ y', `x ${mask} y`);
  check('masks JSON', ['say "hi"\\now'], '{"a":"say \\"hi\\"\\\\now"}', `{"a":"${mask}"}`);
  check('masks JSON in JSON', ['say "hi"'], JSON.stringify(JSON.stringify('say "hi"')), `"\\"${mask}\\""`);
  check('masks JSON of Python', ['pässwörd'], '"p\\u00e4ssw\\u00f6rd"', `"${mask}"`);
  check('masks what is URL-encoded', ['p@ss w/rd'], '?q=p%40ss%20w%2Frd', `?q=${mask}`);
  check('masks it in small letters', ['p@ss w/rd'], '?q=p%40ss%20w%2frd', `?q=${mask}`);
  check('masks what a form sends', ['p@ss w/rd!'], 'q=p%40ss+w%2Frd%21', `q=${mask}`);
  check('masks what Python quotes', ['p@ss w/rd!'], 'q=p%40ss%20w/rd%21', `q=${mask}`);
  check('masks without the white space around it', [' hunter2\n'], 'a hunter2 b', `a ${mask} b`);
  check(
    'masks lines of a terminal',
    ['first line\nsecond line'],
    'first line\r\nsecond line\r\n',
    `${mask}\r\n`,
  );
  check('masks short lines of a terminal', ['ab\ncd\nef'], 'ab\r\ncd\r\nef', mask);
  check('masks a line alone', ['first line\nshort\nsecond line'], '  second line short', `  ${mask} short`);
  check('masks base64', ['hunter2hunter2'], Buffer.from('hunter2hunter2').toString('base64'), mask);
  check('masks base64 of echo', ['hunter2hunter2'], Buffer.from('hunter2hunter2\n').toString('base64'), mask);
  check('masks the prompt of bash', ["it's a $ecret"], "export X='it'\\''s a $ecret'", `export X='${mask}'`);

  for (const before of ['', 'u', 'us', 'user:', 'user:x']) {
    it(`masks base64 after ${before.length} bytes`, () => {
      const secret = 'correct horse battery staple';
      for (const encoding of ['base64', 'base64url'] as const) {
        const encoded = Buffer.from(`${before}${secret}@host`).toString(encoding);
        const masked = redactorOf(secret).text(encoded);
        const rest = masked.split(mask);
        assert.equal(rest.length, 2, masked);
        assert(rest.join('').length <= Math.ceil(((before.length + 5) * 8) / 6) + 5, masked);
      }
    });
  }

  it('masks base64 that is broken into lines', () => {
    const secret = randomBytes(60).toString('hex');
    for (const before of [0, 10, 45, 70]) {
      const encoded = Buffer.from('x'.repeat(before) + secret).toString('base64');
      const lines = encoded.replaceAll(/.{76}/g, '$&\n');
      const left = redactorOf(secret).text(lines).replaceAll('eHh4', '');
      assert(left.length < 24, left);
    }
  });

  it('masks a key of 64 KiB', () => {
    const lines = randomBytes(48 * 1024)
      .toString('base64')
      .replaceAll(/.{64}/g, '$&\n');
    const key = `-----BEGIN PRIVATE KEY-----\n${lines}\n-----END PRIVATE KEY-----\n`;
    const redactor = redactorOf(key);
    const texts = [key, key.replaceAll('\n', '\r\n'), JSON.stringify(key), encodeURIComponent(key)];
    for (const text of texts) {
      const masked = streamed(redactor, Buffer.from(`<${text}>`), [10, 70, 30_000, 50_000]).toString();
      assert.match(masked, /^<"?•••(\\n|%0A|\s)*"?>$/);
    }
    assert(!redactor.text(key.slice(100, 60_000)).includes(key.slice(500, 564)));
    assert.equal(redactor.text(Buffer.from(key).toString('base64')), mask);
  });

  it('gives the same buffer where there is nothing to replace', () => {
    const bytes = Buffer.from('nothing here.');
    assert.equal(createRedactor().stream().write(bytes), bytes);
    assert.equal(redactorOf('hunter2').stream().write(bytes), bytes);
    const nine = Buffer.from('ninebytes');
    assert.equal(Buffer.from(redactorOf('ninebytes').stream().write(nine)).toString(), mask);
  });

  it('holds back only what may become a secret', () => {
    const stream = redactorOf('zyxwvuts').stream();
    assert.equal(Buffer.from(stream.write(Buffer.from('abc zyx'))).toString(), 'abc ');
    assert.equal(Buffer.from(stream.write(Buffer.from('! zyxwvut'))).toString(), 'zyx! ');
    assert.equal(Buffer.from(stream.write(Buffer.from('s'))).toString(), mask);
    assert.equal(stream.end().length, 0);
  });

  it('keeps nothing of an endless repetition', () => {
    const stream = redactorOf('aaaa').stream();
    let length = 0;
    for (let n = 0; n < 200; n++) length += stream.write(Buffer.alloc(1000, 'a')).length;
    assert.equal(length + stream.end().length, Buffer.byteLength(mask));
  });

  it('shows a waiting person what gives little away, and masks what follows', () => {
    const stream = redactorOf('zyxwvutsrqpo').stream();
    const write = (text: string): string => Buffer.from(stream.write(Buffer.from(text))).toString();
    const flush = (): string => Buffer.from(stream.flush()).toString();
    assert.equal(write('? zy'), '? ');
    assert.equal(flush(), 'zy');
    assert.equal(flush(), '');
    assert.equal(write('xwv'), '');
    assert.equal(flush(), '');
    assert.equal(write('utsrqpo.'), `${mask}.`);
    assert.equal(write('zy'), '');
    assert.equal(flush(), 'zy');
    assert.equal(write('.zyx'), '.');
    assert.equal(Buffer.from(stream.end()).toString(), 'zyx');
  });

  it('lets streams follow', () => {
    const redactor = createRedactor();
    const stream = redactor.stream();
    assert(redactor.isEmpty);
    assert.equal(Buffer.from(stream.write(Buffer.from('hunter2'))).toString(), 'hunter2');
    redactor.add('hunter2');
    assert(!redactor.isEmpty);
    assert.equal(Buffer.from(stream.write(Buffer.from('hunter2'))).toString(), mask);
  });

  const secret = fc.oneof(
    fc.string({ minLength: 4, maxLength: 40, unit: 'grapheme' }),
    fc.string({ minLength: 4, maxLength: 12, unit: fc.constantFrom('a', 'b', '\n', '"', '\\', '$', 'é') }),
    fc.string({ minLength: 4, maxLength: 8, unit: fc.constantFrom('a', 'b') }),
  );
  const secrets = fc.array(
    secret.map(value => value.trim()).filter(value => [...value].length >= 4 && !value.includes('•')),
    { minLength: 1, maxLength: 5 },
  );
  const encoders: readonly ((value: string) => string)[] = [
    value => value,
    value => JSON.stringify(value).slice(1, -1),
    encodeURIComponent,
    value => new URLSearchParams([['', value]]).toString().slice(1),
    value => value.replaceAll('\n', '\r\n'),
  ];
  const piece = fc.tuple(fc.nat(), fc.nat({ max: encoders.length }), fc.string({ maxLength: 6 }));
  const cuts = fc.array(fc.nat(), { maxLength: 12 });

  it('lets no secret through, however it is encoded and cut', () => {
    fc.assert(
      fc.property(secrets, fc.array(piece, { maxLength: 8 }), cuts, (values, pieces, places) => {
        const redactor = redactorOf(...values);
        const text = pieces.map(
          ([which, how, between]) => (encoders[how]?.(values[which % values.length]!) ?? '') + between,
        );
        const bytes = Buffer.from(text.join(''));
        const masked = streamed(redactor, bytes, places).toString();
        for (const value of values) {
          for (const encode of encoders)
            assert(!masked.includes(encode(value)), `${masked} holds ${encode(value)}`);
        }
        assert.equal(masked, redactor.text(bytes.toString()), 'the same however it is cut');
      }),
      { numRuns: 1000 },
    );
  });

  it('lets no base64 of a secret through, wherever it stands', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.uint8Array({ maxLength: 9 }),
        fc.uint8Array({ maxLength: 9 }),
        cuts,
        (values, before, after, places) => {
          const value = values[0]!;
          for (const encoding of ['base64', 'base64url'] as const) {
            const whole = Buffer.concat([before, Buffer.from(value), after]).toString(encoding);
            const masked = streamed(redactorOf(...values), Buffer.from(whole), places).toString();
            const from = Math.ceil((before.length * 8) / 6);
            const inner = whole.slice(from, Math.floor(((before.length + Buffer.byteLength(value)) * 8) / 6));
            assert(!masked.includes(inner), `${masked} holds ${inner}`);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('marks exactly the bytes of a brute-force search', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 60 });
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 5, maxLength: 9 }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(words, letters, cuts, (values, text, places) => {
        const masked = streamed(redactorOf(...values), Buffer.from(text), places).toString();
        assert.equal(masked, bruteForce(values, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('passes everything else unchanged, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, places) => {
        const redactor = redactorOf('correct horse', 'battery staple', 'hunter2!');
        assert.deepEqual(streamed(redactor, Buffer.from(bytes), places), Buffer.from(bytes));
      }),
    );
  });
});

/** Each stretch of overlapping occurrences becomes one mask. */
function bruteForce(values: readonly string[], text: string): string {
  let output = '';
  let masked = 0;
  for (let at = 0; at < text.length; at++) {
    const ends = values.filter(value => text.startsWith(value, at)).map(({ length }) => at + length);
    if (ends.length > 0 && at >= masked) output += mask;
    masked = Math.max(masked, ...ends);
    if (at >= masked) output += text[at];
  }
  return output;
}
