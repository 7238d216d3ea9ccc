import * as assert from 'node:assert/strict';
import { readHealthFile } from '../../../agent/health/format/readHealthFile';
import { heldBackBy } from '../../../agent/health/heldBack';

const read = (text: string) => readHealthFile('/repo/shop.health.yaml', text);
const check = (name: string, needs = '') =>
  `  - {name: ${name}, type: load${needs === '' ? '' : `, needs: ${needs}`}}\n`;

describe('what checks need', () => {
  const rows: [what: string, text: string, needs: string[], problems: string[]][] = [
    ['one', `checks:\n${check('db')}${check('api', 'db')}`, ['', 'db'], []],
    [
      'several',
      `checks:\n${check('api', '[db, net]')}${check('db', 'net')}${check('net')}`,
      ['db net', 'net', ''],
      [],
    ],
    [
      'what is not there',
      `checks:\n${check('store')}${check('api', '[stroe]')}`,
      ['', ''],
      ['3:29: needs: there is no check stroe in this file. Did you mean `store`?'],
    ],
    [
      'what cannot be read',
      `checks:\n  - {name: db, type: tcp}\n${check('api', 'db')}`,
      ['db'],
      ['2:5: address is missing. '],
    ],
    [
      'itself',
      `checks:\n${check('a', 'a')}`,
      [''],
      ['2:27: needs: the check would wait for itself: a needs a. Take one of them out.'],
    ],
    [
      'one another',
      `checks:\n${check('a', 'b')}${check('b', 'c')}${check('c', 'a')}`,
      ['b', 'c', ''],
      [
        '4:27: needs: the check would wait for itself: c needs a, a needs b, b needs c. Take one of them out.',
      ],
    ],
    ['what all need', `defaults: {needs: db}\nchecks:\n${check('db')}${check('api')}`, ['', 'db'], []],
    [
      'that of the same combination',
      `checks:\n  - {name: "db-\${{ matrix.n }}", type: load, matrix: {n: [1, 2]}}\n  - {name: "api-\${{ matrix.n }}", type: load, matrix: {n: [1, 2]}, needs: "db-\${{ matrix.n }}"}\n`,
      ['', '', 'db-1', 'db-2'],
      [],
    ],
  ];
  for (const [what, text, needs, wanted] of rows) {
    it(`may be ${what}`, () => {
      const { checks, problems } = read(text);
      assert.deepEqual(
        checks.map(each => each.needs.join(' ')),
        needs,
      );
      assert.deepEqual(
        problems.map(({ line, column, message, hint = '' }) => `${line}:${column}: ${message}. ${hint}`),
        wanted,
      );
    });
  }

  it('hold a check back while one of them is down: the first cause is named', () => {
    const needs: Record<string, string[]> = { api: ['web', 'db'], web: ['net'], db: ['net'], net: [] };
    const by = (...down: string[]) =>
      heldBackBy({ needs: ['api'] }, name => ({
        check: { name, needs: needs[name] ?? [] },
        isDown: down.includes(name),
      }));
    assert.equal(by(), undefined);
    assert.equal(by('db'), 'db');
    assert.equal(by('api', 'web', 'net'), 'net');
    assert.equal(by('api'), 'api');
  });
});
