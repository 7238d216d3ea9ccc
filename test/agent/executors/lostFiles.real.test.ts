import assert from 'node:assert/strict';
import { createHarness, type Harness } from './harness';

/** Cells that take away what their session keeps, each followed by `echo done`. RUNTIME: the sessions' folder. */
const removals: Record<string, string> = {
  'the state of the cell': 'rm "$RUNTIME"/session-*/cell-*',
  'the folder of the session': 'rm -r "$RUNTIME"/session-*',
  'the folder of all sessions': 'rm -r "$RUNTIME"',
  'the state, which is a folder now': 'cd "$RUNTIME"/session-*; f=$(echo cell-*); rm $f; mkdir $f; cd /',
};

describe('a session whose files are removed', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(() => harness.close());

  for (const language of ['bash', 'zsh', 'fish', 'python', 'node']) {
    for (const [what, removal] of Object.entries(removals)) {
      it(`goes on with ${language} without ${what}`, async () => {
        const env = { RUNTIME: `${harness.folder}/runtime` };
        await harness.run({ language: 'bash', text: 'export KEPT=1' });
        const cell = await harness.run({ language: 'bash', text: `${removal}; echo done`, env });
        assert.equal(cell.out, 'done\n', cell.err);
        assert.match(cell.ending.message ?? '', /^(A bug in Handrail: EISDIR.*)?$/);
        const next = await harness.run({ language, text: texts[language] ?? 'echo $KEPT' });
        assert.deepEqual([next.out, next.ending], ['1\n', { reason: 'exit', exit: 0 }], next.err);
      });
    }
  }
});

const texts: Partial<Record<string, string>> = {
  python: "import os; print(os.environ['KEPT'])",
  node: "console.log(process.env['KEPT']); undefined",
};
