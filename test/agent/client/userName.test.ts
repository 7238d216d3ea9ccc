import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { userName } from '../../../agent/client/userName';
import { temporaryFolder } from '../../support/temporaryFolder';

const source = resolve(import.meta.dirname, '..', '..', '..', 'agent', 'client', 'userName.ts');

describe('the name of who runs a runbook', () => {
  it('is that of the account', () => assert.equal(userName({ USER: 'other' }), userInfo().username));

  const cases: readonly (readonly [NodeJS.ProcessEnv, string])[] = [
    [{ USER: 'ana' }, 'ana'],
    [{}, '64321'],
  ];
  for (const [env, expected] of cases) {
    it(`is ${expected} for an account without an entry, with ${JSON.stringify(env)}`, async function () {
      // Only root may become a user that does not exist.
      if (process.getuid?.() !== 0) this.skip();
      await using folder = await temporaryFolder('handrail-user');
      const script = join(folder.path, 'name.cjs');
      buildSync({ entryPoints: [source], outfile: script, bundle: true, platform: 'node', format: 'cjs' });
      const code = `process.setgid(64321); const { userName } = require(${JSON.stringify(script)});
        process.setuid(64321); console.log(userName(${JSON.stringify(env)}))`;
      const { stdout } = await promisify(execFile)(process.execPath, ['-e', code]);
      assert.equal(stdout.trim(), expected);
    });
  }
});
