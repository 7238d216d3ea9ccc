import assert from 'node:assert/strict';
import { attributeAt, keyAt } from '../../../extension/attributes/attributeAt';

/** `|` stands for the cursor; gives `name`, or `name=value` where it is in the value, and what would be replaced. */
function at(text: string): string | undefined {
  const column = text.indexOf('|');
  const line = text.replace('|', '');
  const found = attributeAt(line, column) ?? undefined;
  if (found === undefined) return undefined;
  const { name, value, start, end } = found;
  return `${value === undefined ? name : `${name}=${value}`}[${line.slice(start, end)}]`;
}

describe('an attribute at the cursor', () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ['```sh {|}', '[]'],
    ['```sh {name=a |}', '[]'],
    ['```sh {na|me=a}', 'name[name]'],
    ['```sh {ti|', 'ti[ti]'],
    ['```sh {needs=|}', 'needs=[]'],
    ['```sh {needs=build,de|}', 'needs=build,de[de]'],
    ['```sh {needs="build,de|"}', 'needs=build,de[de]'],
    ['```sh {confirm="Really sure|?" effect=read}', 'confirm=Really sure[Really sure]'],
    ['> - ~~~~bash {effect=r|}', 'effect=r[r]'],
    ['1. ```sh { exp|}', 'exp[exp]'],
    ['```sh {name=a} |', undefined],
    ['```s|h {name=a}', undefined],
    ['```sh {"name": "|a"}', undefined],
    ['echo ${|}', undefined],
    ['text {name|}', undefined],
  ];
  for (const [text, expected] of cases) it(text, () => assert.equal(at(text), expected));

  it('knows what stands beside it', () => {
    assert.deepEqual(attributeAt('```sh {name=a timeout=5m }', 25)?.others, ['name', 'timeout']);
  });
});

describe('a key of the front matter at the cursor', () => {
  const cases: readonly (readonly [string, number, string | undefined])[] = [
    ['', 0, ''],
    ['sh', 2, 'sh'],
    ['shell: ba', 9, 'shell=ba'],
    ['  nested: x', 4, undefined],
    ['- item', 3, undefined],
  ];
  for (const [line, column, expected] of cases)
    it(`${line} at ${String(column)}`, () => {
      const found = keyAt(line, column, ['title']);
      const said = found && (found.value === undefined ? found.name : `${found.name}=${found.value}`);
      assert.equal(said, expected);
    });
});
