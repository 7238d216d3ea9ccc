import assert from 'node:assert/strict';
import { parseManifests } from '../../../../agent/clusters/manifests/parseManifests';

const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';

describe('manifests in a text', () => {
  const problems: [what: string, text: string, told: [line: number, column: number, message: RegExp][]][] = [
    ['nothing', '', []],
    ['comments alone', '# a\n---\n# b\n---\n', []],
    ['Windows lines and a BOM', `\ufeff${map.replaceAll('\n', '\r\n')}`, []],
    ['a list', '- 1\n', [[1, 1, /no manifest/]]],
    ['other YAML after a manifest', `${map}---\nx: 1\n`, [[5, 1, /no manifest/]]],
    ['no name', 'apiVersion: v1\nkind: Pod\nmetadata:\n  generateName: a-\n', [[3, 1, /no metadata\.name/]]],
    [
      'a name that is a number',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: 1}\n',
      [[3, 1, /no metadata\.name/]],
    ],
    ['a broken document', `${map}data: {a: [}\n`, [[4, 12, /./]]],
    ['a key twice', `${map}kind: Pod\n`, [[4, 1, /unique/]]],
    [
      'aliases without end',
      `${map}a: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      [[1, 1, /alias/i]],
    ],
  ];
  for (const [what, text, told] of problems)
    it(`tell what is wrong: ${what}`, () => {
      const found = parseManifests(text, '/a.yaml').problems;
      assert.equal(found.length, told.length, JSON.stringify(found));
      for (const [index, [line, column, message]] of told.entries()) {
        assert.deepEqual([found[index]?.line, found[index]?.column], [line, column], found[index]?.message);
        assert.match(found[index]?.message ?? '', message);
      }
    });

  it('are told apart, also within a List, each with its place', () => {
    const list = `apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Pod\n    metadata: {name: b}\n`;
    const { manifests } = parseManifests(`${map}---\n${list}`, '/a.yaml');
    assert.deepEqual(
      manifests.map(({ object, placeOf }) => [
        object.metadata.name,
        placeOf([]).line,
        placeOf(['kind']).line,
      ]),
      [
        ['a', 1, 2],
        ['b', 8, 9],
      ],
    );
  });

  it('are read as kubectl reads them', () => {
    const text = `${map}data: {yes: yes, time: 22:22, day: 2026-01-01, octal: 0777, text: "1"}\n`;
    const [manifest] = parseManifests(text, '/a.yaml').manifests;
    assert.deepEqual(Object.values(manifest?.object['data'] as object), [
      true,
      '22:22',
      '2026-01-01',
      511,
      '1',
    ]);
  });
});
