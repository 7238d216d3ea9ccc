import assert from 'node:assert/strict';
import { parseVaultPlace } from '../../../../agent/secrets/providers/vaultPlace';

describe('parseVaultPlace', () => {
  const check = (place: string, api: string, key: string): unknown =>
    it(place, () => {
      const parsed = parseVaultPlace(place);
      assert.deepEqual([parsed.api, parsed.key], [api, key]);
    });

  check('secret/db#password', 'secret/data/db', 'password');
  check('/secret/db/#password', 'secret/data/db', 'password');
  check('secret/data/db#password', 'secret/data/db', 'password');
  check('kv/shop/db?version=3#pass word', 'kv/data/shop/db?version=3', 'pass word');
  check('kv/a b/ü#k', 'kv/data/a%20b/%C3%BC', 'k');

  for (const wrong of [
    'kv/../sys#k',
    '',
    'secret',
    'secret/db',
    'secret#k',
    'secret/db#',
    'secret/db?version=x#k',
    '#k',
  ]) {
    it(`refuses ${wrong}`, () =>
      assert.throws(() => parseVaultPlace(wrong), /it does not name a secret and a key/));
  }
});
