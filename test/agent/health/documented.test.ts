import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { commonKeys } from '../../../agent/health/format/commonKeys';
import { readHealthFile } from '../../../agent/health/format/readHealthFile';
import { checkTypes } from '../../../agent/health/types/checkTypes';

const readme = readFileSync(resolve(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');
const section = /^## Health checks\n([^]*?)^## /m.exec(readme)?.[1] ?? '';

describe('the health checks in the README', () => {
  for (const [name, { options, values, up }] of checkTypes) {
    it(`have ${name} as it is`, () => {
      const row = section.split('\n').find(line => line.startsWith(`| \`${name}\` `));
      assert.ok(row !== undefined, 'there is no row');
      const cells = row
        .replaceAll('\\|', '¦')
        .split('|')
        .map(cell => cell.trim().replaceAll('¦', '|'));
      const codes = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
      assert.deepEqual(codes(cells[3]), Object.keys(options.shape));
      assert.deepEqual(codes(cells[4]), Object.keys(values));
      assert.deepEqual(codes(cells[5]), [up]);
    });
  }

  it('have all the keys that every check may have', () => {
    for (const key of Object.keys(commonKeys)) assert.ok(section.includes(`\`${key}\``), key);
  });

  it('have an example that is right', () => {
    const [, example = ''] = /```yaml\n([^]*?)```/.exec(section) ?? [];
    const { checks, problems } = readHealthFile('/repo/shop.health.yaml', example);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      checks.map(({ name }) => name),
      ['api', 'db-a', 'db-b'],
    );
  });
});
