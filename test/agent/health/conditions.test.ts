import * as assert from 'node:assert/strict';
import { compileCondition, type CelTypes, type Condition } from '../../../agent/health/conditions/condition';
import { celDuration, celValue, sayMilliseconds } from '../../../agent/health/conditions/values';

const types: CelTypes = {
  time: ['duration', 'how long it took'],
  status: ['int', 'the status'],
  text: ['string', 'the text'],
  headers: ['map', 'headers'],
  ok: ['bool', 'whether'],
  part: ['double', 'a part'],
  body: ['dyn', 'the body as JSON', 'the answer is not JSON'],
};
const values = {
  time: celDuration(612),
  status: 503n,
  text: 'hello world',
  headers: { server: 'nginx' },
  ok: false,
  part: 0.123456,
  body: celValue({ ok: true, count: 3, ratio: 2.5, items: [1, 2], name: 'x', deep: { a: null } }),
};

describe('a condition', () => {
  const holding = [
    'status == 503',
    'status >= 500 && time > duration("600ms")',
    'body.ok',
    'body.count + 1 == 4',
    'body.count >= 2.5 && body.ratio > 2',
    'body.items.exists(x, x == 2) && body.items.size() == 2',
    'headers.server.startsWith("nginx")',
    'text.contains("world") && text.matches("^hel+o")',
    '!has(body.missing)',
    'status in [502, 503]',
    'status == 200 || ok == false',
    'body.deep.a == null',
  ];
  for (const text of holding) {
    it(`holds: ${text}`, () => assert.equal(compiled(text).test(values).holds, true));
  }

  const failing: [string, string][] = [
    ['status == 200', 'status was 503, wanted 200'],
    ['status != 503', 'status was 503, wanted anything but 503'],
    ['time < duration("500ms")', 'time was 612 ms, wanted less than 500ms'],
    ['body.ok && status == 200', 'status was 503, wanted 200'],
    ['status == 200 && body.missing', 'status was 503, wanted 200'],
    ['status == 200 || part > 0.5', 'status was 503, wanted 200, and part was 0.123, wanted more than 0.5'],
    ['status in [200, 204]', 'status was 503, wanted one of [200, 204]'],
    ['ok', 'ok was false'],
    ['!body.ok', 'body.ok was true, wanted the contrary'],
    ['body.count > body.items.size()+1', 'body.count was 3, wanted more than body.items.size()+1 (3)'],
    ['text.contains("bye")', 'text.contains("bye") did not hold (text was "hello world")'],
    ['body.items.all(x, x > 1)', 'body.items.all(x, x > 1) did not hold (body.items was [1,2])'],
    ['body.missing == 1', 'body.missing is not there'],
    ['body.deep.missing.more == 1', 'body.deep.missing is not there'],
    ['headers["x"] == "1"', 'headers["x"] is not there'],
    ['body.name > 3', 'body.name > 3: string > int cannot be: the two are of different types'],
    [
      'text.matches("(" + body.name)',
      'text.matches("(" + body.name): Invalid regular expression (RE2): missing closing ): `(x`',
    ],
    ['status / 0 == 1', 'status / 0: division by zero'],
  ];
  for (const [text, message] of failing) {
    it(`does not hold: ${text}`, () =>
      assert.deepEqual(compiled(text).test(values), { holds: false, message }));
  }

  it('fails where a value is missing, and says why it is', () => {
    const found = compiled('body.ok == true').test({ status: 200n });
    assert.deepEqual(found, { holds: false, message: 'there is no body: the answer is not JSON' });
  });

  it('tells the values for which it holds', () => {
    const found = compiled('time > duration("200ms") && status > 500').test(values);
    assert.deepEqual(found, { holds: true, message: 'time was 612 ms, status was 503' });
  });

  const wrong: [string, string, number][] = [
    ['stats == 200', 'There is no stats here. There is: time, status, text, headers, ok, part, body', 0],
    ['status = 200', 'To compare, write == rather than =', 7],
    ['status == "200"', 'int == string cannot be: the two are of different types', 0],
    [
      'time > 3',
      'Duration > int cannot be: the two are of different types. A length of time is written duration("500ms")',
      0,
    ],
    ['status', 'It gives int, and a condition is true or false', 0],
    ['text.matches("(")', 'Invalid regular expression (RE2): missing closing ): `(`', 13],
    [
      'ok && body.items.all(x, text.matches("(?=a)"))',
      'Invalid regular expression (RE2): invalid or unsupported Perl syntax: `(?=`',
      37,
    ],
    ['ok &&\n  nope', 'There is no nope here. There is: time, status, text, headers, ok, part, body', 8],
  ];
  for (const [text, message, offset] of wrong) {
    it(`is refused: ${text}`, () => assert.deepEqual(compileCondition(text, types), { message, offset }));
  }

  it('holds nobody with a pattern, whoever wrote it', () => {
    const text = `${'a'.repeat(50_000)}!`;
    const body = celValue({ pattern: '^(a+)+$', names: [text, text] });
    const conditions = [
      'text.matches("^(a+)+$")',
      'text.matches(body.pattern)',
      'body.names.exists(name, name.matches("^(a|a)*$"))',
      'body.names.filter(name, name.matches("(a*)*b")).size() > 0',
      '!body.names.map(name, name.matches("^(a+)+$")).all(fits, !fits)',
    ];
    for (const condition of conditions) {
      const begun = performance.now();
      const { holds, message } = compiled(condition).test({ ...values, text, body });
      assert.ok(!holds && !message.includes('takes longer'), condition);
      assert.ok(performance.now() - begun < 5000, condition);
    }
  });

  it('is ended where it takes too long', () => {
    const body = celValue({ items: Array.from({ length: 3000 }, (_, at) => at) });
    const text = 'body.items.all(a, body.items.all(b, body.items.all(c, a + b + c >= 0)))';
    const found = compiled(text).test({ ...values, body });
    assert.deepEqual(found, { holds: false, message: `${text}: it takes longer than 500 ms to find out` });
    assert.equal(
      compiled('body.items.all(a, a >= 0) && text.matches("^hello")').test({ ...values, body }).holds,
      true,
    );
  });

  it('is refused where it is not complete or far too large', () => {
    for (const text of ['status ==', '', '((((', Array(2000).fill('ok').join(' && ')]) {
      assert.ok('offset' in compileCondition(text, types), text.slice(0, 20));
    }
  });
});

describe('a length of time in words', () => {
  const rows: [number, string][] = [
    [0.04, '0 ms'],
    [0.26, '0.3 ms'],
    [12.4, '12 ms'],
    [1500, '1.5 s'],
    [90_000, '90 s'],
    [150_000, '2.5 min'],
    [7_200_000, '2 h'],
    [40 * 86_400_000, '40 d'],
    [-3 * 86_400_000, '-3 d'],
  ];
  for (const [ms, words] of rows) it(`${ms} is ${words}`, () => assert.equal(sayMilliseconds(ms), words));
});

function compiled(text: string): Condition {
  const condition = compileCondition(text, types);
  assert.ok(!('offset' in condition), JSON.stringify(condition));
  return condition;
}
