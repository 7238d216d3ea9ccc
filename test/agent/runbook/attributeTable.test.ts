import assert from 'node:assert/strict';
import { attributeTable } from '../../../agent/runbook/attributeTable';
import { cellOptions } from '../../../agent/runbook/cellOptions';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';

describe('the table of attributes', () => {
  for (const [name, { means, values, flag }] of Object.entries(attributeTable)) {
    const written = Array.isArray(values) ? values.map(value => `${name}=${String(value)}`) : [];
    for (const attribute of [...written, ...(flag === true && name !== 'ignore' ? [name] : [])])
      it(`offers ${attribute}, which a cell can have`, () => {
        const { cells, frontMatter, diagnostics } = parseRunbook(`\`\`\`sh {${attribute}}\necho\n\`\`\`\n`);
        assert.deepEqual(diagnostics, []);
        assert.deepEqual(cellOptions(cells[0]!, frontMatter).diagnostics, []);
      });
    it(`tells in short what ${name} means`, () => assert.match(means, /^[^A-Z].{10,100}[^.]$/));
  }
});
