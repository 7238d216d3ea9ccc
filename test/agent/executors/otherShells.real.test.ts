import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../../agent/executors/programs';
import { dash, fish, zsh } from '../../support/programs';
import { needs, provide, type RealSystem } from '../../support/realSystem';
import { createHarness, type Harness, until } from './harness';

/** A shell: its language, what sets up state, what shows it, and what that prints where it was kept. */
interface Shell {
  readonly language: string;
  readonly program: RealSystem;
  readonly set: string;
  readonly show: string;
  readonly kept: string;
  readonly own: string;
  /** What ends a strict cell early. */
  readonly failing?: { text: string; failedLine?: number };
  readonly missing: RegExp;
}

const set =
  'A="1 b\'c"; export E="é x"; f() { echo in f $1; }; alias hi="echo hello"; cd /usr; umask 077; unset X';

const shells: Record<string, Shell> = {
  zsh: {
    language: 'zsh',
    program: zsh,
    set: `${set}; typeset -A M=(k "v w"); setopt nullglob`,
    show: 'echo "$A" $E ${X-none} $M[k] *.none; pwd; umask\nf a\nhi',
    kept: "1 b'c é x none v w\n/usr\n077\nin f a\nhello\n",
    own: '$$',
    failing: { text: 'echo a\nf() { false }\nf\necho b', failedLine: 3 },
    missing: /12: command not found: nosuch-command/,
  },
  fish: {
    language: 'fish',
    program: fish,
    set: 'set -g A 1 "b c"; set -gx E "é x"; function f; echo in f $argv; end; alias hi "echo hello"; cd /usr; umask 077; set -e X',
    show: 'echo (count $A) $E $X; pwd; umask\nf a\nhi',
    kept: '2 é x\n/usr\n0077\nin f a\nhello\n',
    own: '$fish_pid',
    missing: /Unknown command: nosuch-command/,
  },
  'a POSIX sh': {
    language: 'bash',
    program: dash,
    set,
    show: 'echo "$A" $E ${X-none}; pwd; umask\nhi',
    kept: "1 b'c é x none\n/usr\n0077\nhello\n",
    own: '$$',
    failing: { text: 'echo a\nfalse\necho b' },
    missing: /book\.md: 12: .*nosuch-command: not found/,
  },
};

for (const [name, shell] of Object.entries(shells)) {
  describe(`cells of ${name}`, () => {
    let harness: Harness;
    let programs: string;

    before(needs(shell.program));
    before(async () => {
      const program = await provide(shell.program);
      programs = await mkdtemp(join(tmpdir(), 'handrail-shell-'));
      await symlink(program, join(programs, shell.language === 'bash' ? 'sh' : shell.language));
      for (const tool of ['sleep', 'cat', 'true', 'kill', 'nohup']) {
        await symlink(findProgram(tool, process.env['PATH'], '/') ?? tool, join(programs, tool));
      }
    });
    after(async () => {
      if (programs !== undefined)
        await rm(programs, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });
    beforeEach(async () => void (harness = await createHarness({ PATH: programs, X: 'given' })));
    afterEach(() => harness.close());

    const run = (text: string, strict = true) => harness.run({ language: shell.language, text, strict });

    const endings = [
      'true',
      'cat /not/there',
      'exit 3',
      `kill -TERM ${shell.own}; sleep 5`,
      `kill -INT ${shell.own}; sleep 5`,
    ];
    for (const ending of endings) {
      it(`keep their state after ${ending}`, async () => {
        await run(`${shell.set}\n${ending}`);
        const shown = await run(shell.show, false);
        assert.equal(shown.out, shell.kept, shown.err);
      });
    }

    it('have the state before after SIGKILL and exec', async () => {
      await run(shell.set);
      for (const ending of [`kill -KILL ${shell.own}; sleep 5`, 'exec true']) {
        await run(`cd /; ${ending}`);
        assert.equal((await run(shell.show, false)).out, shell.kept);
      }
    });

    it('stop at the first failing command', async function () {
      if (shell.failing === undefined) return this.skip();
      const outcome = await run(shell.failing.text);
      assert.equal(outcome.out, 'a\n');
      assert.equal(outcome.ending.exit, 1);
      assert.equal(outcome.ending.failedLine, shell.failing.failedLine);
      assert.match((await run('cat /not/there; echo b', false)).out, /b\n/);
    });

    it('name the line of a mistake', async () => {
      assert.match((await run('\nnosuch-command')).err, shell.missing);
    });

    it('forget variables that were for one cell', async () => {
      await harness.run({ language: shell.language, text: 'echo $X', env: { X: 'own', HANDRAIL_STEP: '4' } });
      assert.equal(
        (await harness.run({ language: shell.language, text: 'echo "$X$HANDRAIL_STEP"', env: {} })).out,
        'given\n',
      );
    });

    it('can be stopped and keep what they had set', async () => {
      const text =
        shell.language === 'fish' ? 'set -g Q 2; echo READY; sleep 350' : 'Q=2; echo READY; sleep 350';
      const outcome = await harness.run({ language: shell.language, text }, (execution, printed) => {
        void until(() => printed().includes('READY')).then(() => execution.stop('cancel'));
      });
      assert.equal(outcome.ending.reason, 'cancel');
      assert.equal((await run('echo $Q')).out, '2\n');
    });

    it('run on a terminal', async () => {
      const terminal = { columns: 80, rows: 24 };
      const outcome = await harness.run({
        language: shell.language,
        text: 'echo $TERM; nohup sleep 351 & sleep 0.3',
        terminal,
      });
      assert.match(outcome.out, /xterm-256color\r\n/);
      assert.equal((await harness.session.processes()).length, 1);
    });
  });
}

describe('cells of every shell', () => {
  before(needs(zsh, fish));

  it('hand variables and the folder on', async () => {
    const harness = await createHarness();
    await harness.run({ text: 'export V=1; cd /usr' });
    await harness.run({ language: 'zsh', text: 'export V=${V}z; cd ..; cd usr' });
    await harness.run({ language: 'fish', text: 'set -gx V {$V}f; cd bin' });
    assert.equal((await harness.run({ text: 'echo $V $PWD' })).out, '1zf /usr/bin\n');
    await harness.close();
  });
});
