import * as assert from 'node:assert/strict';
import { readHealthFile } from '../../../agent/health/format/readHealthFile';

const read = (text: string) => readHealthFile('/repo/shop.health.yaml', text);
/** `LINE:COLUMN: message hint` of all that is wrong. */
const problems = (text: string): string[] =>
  read(text).problems.map(({ line, column, message, hint = '' }) =>
    `${line}:${column}: ${message}. ${hint}`.trim(),
  );

describe('a file of checks', () => {
  it('gives checks with defaults, templates and what their type adds', () => {
    const { checks, problems: wrong } = read(
      [
        'defaults: {every: 30s, timeout: 5s, tags: [shop], url: http://127.0.0.1/}',
        'templates:',
        '  web: {type: http, failures: 2, up: status == 200}',
        'checks:',
        '  - {name: api, use: web, url: "http://127.0.0.1:8080/health", failures: 4, inputs: {port: 8080}}',
        '  - name: db',
        '    type: tcp',
        '    address: 127.0.0.1:5432',
      ].join('\n'),
    );
    assert.deepEqual(wrong, []);
    const [api, db] = checks;
    assert.deepEqual(
      [api?.type, api?.every, api?.timeout, api?.failures, api?.up.text, api?.inputs, api?.subject],
      ['http', 30_000, 5000, 4, 'status == 200', { port: '8080' }, 'http://127.0.0.1:8080/health'],
    );
    // A default that its type does not know is meant for others.
    assert.deepEqual([db?.tags, db?.failures, db?.subject, db?.line], [['shop'], 3, '127.0.0.1:5432', 6]);
  });

  it('makes a check for each combination of a matrix', () => {
    const { checks, problems: wrong } = read(
      [
        'checks:',
        '  - name: web',
        '    matrix: {host: [a, b], port: [80, 443]}',
        '    type: tcp',
        '    address: ${{ matrix.host }}:${{ matrix.port }}',
        '  - {name: "db-${{ matrix.n }}", matrix: {n: [1, 2]}, type: tcp, address: "db${{matrix.n}}:5432"}',
      ].join('\n'),
    );
    assert.deepEqual(wrong, []);
    assert.deepEqual(
      checks.map(({ name, subject }) => `${name} ${subject}`),
      [
        'web (a, 80) a:80',
        'web (a, 443) a:443',
        'web (b, 80) b:80',
        'web (b, 443) b:443',
        'db-1 db1:5432',
        'db-2 db2:5432',
      ],
    );
  });

  const rows: [what: string, lines: string[], wanted: (string | RegExp)[]][] = [
    ['no checks', ['defaults: {}'], [/^1:1: checks: /]],
    ['YAML that is broken', ['checks: "a'], [/^1:11: Missing closing/]],
    ['a key twice', ['checks: []', 'checks: []'], [/^2:1: Map keys must be unique/]],
    ['no type', ['checks:', '  - name: a'], [/^2:5: The check has no type. There is: http, tcp/]],
    [
      'a type mistyped',
      ['checks:', '  - {name: a, type: htpp}'],
      ['2:15: There is no type of check "htpp". Did you mean `http`?'],
    ],
    [
      'a type that is a list',
      ['checks:', '  - {name: a, type: [http]}'],
      [/^2:15: There is no type of check \["http"\]/],
    ],
    [
      'a key mistyped',
      ['checks:', '  - name: a', '    type: tcp', '    adress: a:1'],
      ['2:5: address is missing.', '4:5: There is no key `adress` here. Did you mean `address`?'],
    ],
    ['no name', ['checks:', '  - {type: memory}'], [/^2:5: name is missing/]],
    [
      'a name twice',
      ['checks:', '  - {name: a, type: load}', '  - {name: a, type: load}'],
      ['3:5: There is another check named a. Give each its own name.'],
    ],
    [
      'a wrong length of time',
      ['checks:', '  - {name: a, type: load, every: soon}'],
      [/^2:27: every: expected a length of time like 30s/],
    ],
    [
      'a wrong address',
      ['checks:', '  - {name: a, type: tcp, address: nowhere}'],
      ['2:26: address: expected HOST:PORT like 127.0.0.1:5432, not nowhere.'],
    ],
    [
      'a port that is none',
      ['checks:', '  - {name: a, type: tcp, address: "h:70000"}'],
      [/expected HOST:PORT/],
    ],
    [
      'a URL of another kind',
      ['checks:', '  - {name: a, type: http, url: ftp://x/}'],
      [/^2:27: url: expected an address like https/],
    ],
    [
      'a method that is none',
      ['checks:', '  - {name: a, type: http, url: http://x/, method: get}'],
      [/expected a method like GET/],
    ],
    [
      'a host that is an option',
      ['checks:', '  - {name: a, type: icmp, host: -f}'],
      [/a host does not begin with -/],
    ],
    [
      'a regular expression that is none',
      ['checks:', '  - {name: a, type: process, process: "("}'],
      [/it is no regular expression/],
    ],
    [
      'a condition that is none',
      ['checks:', '  - name: a', '    type: load', '    up: five <'],
      [/^4:5: up: /],
    ],
    [
      'a condition on what there is not',
      ['checks:', '  - name: a', '    type: load', '    degraded: one > 1.0 && two > 2.0'],
      [
        /^4:5: degraded: There is no two here. There is: time, one, five, fifteen, cores. It is wrong from: two > 2.0/,
      ],
    ],
    [
      'a template that is not there',
      ['templates: {web: {type: http}}', 'checks:', '  - {name: a, use: wep}'],
      ['3:15: There is no template wep. There is: web.'],
    ],
    [
      'a template that is called like something every object has',
      ['checks:', '  - {name: a, use: constructor}'],
      [/There is no template constructor/],
    ],
    [
      'times that no timer can keep',
      ['checks:', '  - {name: a, type: load, every: 30d}', '  - {name: b, type: load, timeout: 0.1ms}'],
      [/^2:27: every: expected a time from 100ms to 7d/, /^3:27: timeout: expected a time from 100ms to 7d/],
    ],
    [
      'a matrix that is none',
      ['checks:', '  - {name: a, type: load, matrix: 3}'],
      [/^2:27: matrix: expected a list/],
    ],
    [
      'a matrix without bounds',
      ['checks:', `  - {name: a, type: load, matrix: {a: ${numbers(40)}, b: ${numbers(40)}}}`],
      [/more than 1000 combinations/],
    ],
  ];
  for (const [what, lines, wanted] of rows) {
    it(`says where there is ${what}`, () => {
      const found = problems(lines.join('\n'));
      assert.equal(found.length, wanted.length, found.join('\n'));
      wanted.forEach((each, at) => {
        if (typeof each === 'string') assert.equal(found[at], each);
        else assert.match(found[at] ?? '', each);
      });
    });
  }

  it('keeps the checks that are right', () => {
    const { checks } = read('checks:\n  - {name: a, type: nope}\n  - {name: b, type: load}\n');
    assert.deepEqual(
      checks.map(({ name }) => name),
      ['b'],
    );
  });
});

function numbers(count: number): string {
  return JSON.stringify(Array.from({ length: count }, (_, at) => at));
}
