import assert from 'node:assert/strict';
import { createHarness, environment, type Harness } from './harness';

/** How each language prints a variable or `none`, and the folder. */
const languages: Record<string, [print: (name: string) => string, folder: string]> = {
  bash: [name => `echo "\${${name}-none}"`, 'pwd'],
  zsh: [name => `echo "\${${name}-none}"`, 'pwd'],
  fish: [name => `set -q ${name}; and echo $${name}; or echo none`, 'pwd'],
  python: [name => `import os; print(os.environ.get('${name}', 'none'))`, 'import os; print(os.getcwd())'],
  node: [name => `console.log(process.env['${name}'] ?? 'none')`, 'console.log(process.cwd())'],
};

/** A variable of the client before, what a cell does then, the variable of the client later, and what it then is. */
const changes: Record<
  string,
  [before: string | undefined, cell: string, after: string | undefined, is: string]
> = {
  'is what the client has now': ['/old', ':', '/new', '/new'],
  'comes with the client': [undefined, ':', '/new', '/new'],
  'goes with the client': ['/old', ':', undefined, 'none'],
  'stays as cells have set it': ['/old', 'export SOCK=/own', '/new', '/own'],
  'stays as cells have added it': [undefined, 'export SOCK=/own', '/new', '/own'],
  'stays away as cells have unset it': ['/old', 'unset SOCK', '/new', 'none'],
  'stays as cells have set it where the client changed nothing': ['/old', 'export SOCK=/own', '/old', '/own'],
};

describe('a variable of a session that another client uses', () => {
  for (const [language, [print]] of Object.entries(languages)) {
    for (const [what, [before, cell, after, is]] of Object.entries(changes)) {
      it(`${what}, in ${language}`, async () => {
        await using harness = await disposable(before === undefined ? {} : { SOCK: before });
        await harness.run({ text: `${cell}; MINE=1; export KEPT=1` });
        await harness.run({ language, text: print('SOCK') });
        harness.session.adopt(environment(harness.folder, after === undefined ? {} : { SOCK: after }));
        const found = await harness.run({ language, text: print('SOCK') });
        assert.equal(found.out, `${is}\n`, found.err);
        assert.equal((await harness.run({ text: 'echo $MINE$KEPT' })).out, '11\n');
      });
    }
  }
});

describe('the folder and umask of a session that another client uses', () => {
  for (const [language, [, folder]] of Object.entries(languages)) {
    it(`are the client's until a cell changes them, in ${language}`, async () => {
      await using harness = await disposable({});
      const [first, second] = ['/usr', '/'].map(cwd => ({ ...environment(cwd), umask: 0o027 }));
      assert.ok(first && second);
      harness.session.adopt(first);
      assert.equal((await harness.run({ language, text: folder })).out, '/usr\n');
      assert.equal((await harness.run({ text: 'umask; cd /etc; umask 077' })).out, '0027\n');
      harness.session.adopt(second);
      assert.equal((await harness.run({ language, text: folder })).out, '/etc\n');
      assert.equal((await harness.run({ text: 'umask' })).out, '0077\n');
    });
  }
});

async function disposable(env: Record<string, string>): Promise<Harness & AsyncDisposable> {
  const harness = await createHarness(env);
  return { ...harness, [Symbol.asyncDispose]: () => harness.close() };
}
