import assert from 'node:assert/strict';
import { withImports } from '../../../../agent/executors/interpreter/withImports';

describe('a JavaScript cell as its interpreter takes it', () => {
  const cases: readonly (readonly [string, string])[] = [
    ["import 'a';", "await __handrailImport('a');"],
    ["import a from 'a'", "const { default: a, } = await __handrailImport('a')"],
    ["import a, { b as c, d } from 'a'", "const { default: a, b: c, d  } = await __handrailImport('a')"],
    ["import * as all from 'a'; all()", "const all = await __handrailImport('a'); all()"],
    ["import a, * as all from 'a'", "const all, { default: a } = await __handrailImport('a')"],
    ["import {\n  a,\n  b,\n} from 'a'\nb()", "const { a, b,  } = await __handrailImport('a')\n\n\n\nb()"],
    ["const a = await import('a'); import.meta", "const a = await __handrailImport('a'); import.meta"],
  ];
  for (const [text, code] of cases) it(text, () => assert.equal(withImports(text), code));

  const untouched = [
    'console.log(1)',
    'console.log("dynamic import(\'./y.mjs\')")',
    "fs.writeFileSync('gen.mjs', `import fs from 'node:fs'\nimport('./x.mjs')\n`)",
    "// import a from 'a'\n/* import('b') */",
    "const re = /import('a')/; important(re); x.import('a')",
    "import a from 'a' this is no JavaScript ${'",
  ];
  for (const text of untouched)
    it(`leaves ${JSON.stringify(text)} as it is`, () => assert.equal(withImports(text), text));

  it('rewrites what is code within a template, and nothing beside it', () => {
    assert.equal(
      withImports("`import('a') ${await import('b')} import('c')`"),
      "`import('a') ${await __handrailImport('b')} import('c')`",
    );
  });
});
