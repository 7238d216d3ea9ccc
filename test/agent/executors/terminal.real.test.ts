import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHarness, type Harness, until } from './harness';

const terminal = { columns: 90, rows: 20 };

describe('cells on a terminal', () => {
  let harness: Harness;
  before(async () => void (harness = await createHarness({ PAGER: 'less', TERM: 'dumb' })));
  after(() => harness.close());

  /** What prints what there. */
  const cells: Record<string, [text: string, out: string]> = {
    'have one on all three streams': ['[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo yes', 'yes\r\n'],
    'have its size': ['stty size', '20 90\r\n'],
    'can open /dev/tty': ['echo a >/dev/tty', 'a\r\n'],
    'see no pager': ['echo $PAGER $GIT_PAGER $TERM', 'cat cat xterm-256color\r\n'],
    'keep their colours': ["printf '\\e[31mred\\e[0m'", '\x1b[31mred\x1b[0m'],
  };
  for (const [what, [text, out]] of Object.entries(cells)) {
    it(what, async () => assert.equal((await harness.run({ text, terminal })).out, out));
  }

  it('do not leave its variables in the session', async () => {
    await harness.run({ text: ':', terminal });
    assert.equal((await harness.run({ text: 'echo $PAGER $GIT_PAGER $TERM' })).out, 'less dumb\n');
  });

  it('take input and echo it', async () => {
    const outcome = await harness.run(
      { text: 'read -p "ok? " x; echo "got $x"', terminal },
      (execution, printed) => {
        void until(() => printed().includes('ok? ')).then(() => execution.write(Buffer.from('yes\r')));
      },
    );
    assert.equal(outcome.out, 'ok? yes\r\ngot yes\r\n');
  });

  it('are ended by Ctrl-C', async () => {
    let typing: NodeJS.Timeout | undefined;
    const outcome = await harness.run(
      { text: 'x=kept; echo READY; sleep 340', terminal },
      (execution, printed) => {
        // More than once: bash itself loses one that comes while it forks.
        typing = setInterval(() => {
          if (printed().includes('READY')) execution.write(Buffer.from('\x03'));
        }, 100);
      },
    );
    clearInterval(typing);
    assert.equal(outcome.ending.signal, 'SIGINT');
    assert.equal((await harness.run({ text: 'echo $x' })).out, 'kept\n');
  });

  it('hear Ctrl-C in the program that runs, and go on where it handles it', async () => {
    // Not bash, which loses a signal that comes while it forks.
    const program = '$| = 1; $SIG{INT} = sub { print "heard\\n"; exit 3 }; print "READY\\n"; sleep 1 while 1';
    const text = `perl -e '${program}'; echo "then $?"`;
    const outcome = await harness.run({ text, terminal, strict: false }, (execution, printed) => {
      void until(() => printed().includes('READY')).then(() => execution.write(Buffer.from('\x03')));
    });
    assert.match(outcome.out, /heard\r\nthen 3\r\n$/);
    assert.deepEqual(outcome.ending, { reason: 'exit', exit: 0 });
  });

  /** Programs that ask for something nobody may see, as sudo does. */
  const asking: Record<string, string> = {
    'read -s': 'read -s -p "Password: " x; echo; echo "${#x} letters"',
    'a program on /dev/tty': `python3 -c 'import getpass; print(len(getpass.getpass()), "letters")' </dev/null 2>&1`,
  };
  for (const [what, text] of Object.entries(asking)) {
    it(`do not show what is typed for ${what}`, async () => {
      const { out } = await harness.run({ text, terminal }, (execution, printed) => {
        void until(() => printed().includes('Password: ')).then(() =>
          execution.write(Buffer.from('geheim\r')),
        );
      });
      assert.match(out, /^Password: \r\n6 letters\r\n$/);
    });
  }

  it('take no more input than they have room for where nobody reads it', async () => {
    const before = process.memoryUsage().rss;
    const outcome = await harness.run(
      { text: 'echo READY; until [ -e enough ]; do sleep 0.02; done', terminal },
      (execution, printed) => {
        void until(() => printed().includes('READY')).then(() => {
          for (let i = 0; i < 1000; i++) execution.write(Buffer.alloc(100_000, 'x'));
          writeFileSync(join(harness.folder, 'enough'), '');
        });
      },
    );
    assert.equal(outcome.ending.exit, 0);
    assert.ok(process.memoryUsage().rss - before < 80e6);
  });

  it('hear of a new size', async () => {
    const text = "trap 'stty size; exit' WINCH; echo READY; while :; do sleep 0.05; done";
    const outcome = await harness.run({ text, terminal }, (execution, printed) => {
      void until(() => printed().includes('READY')).then(() => execution.resize(101, 31));
    });
    assert.match(outcome.out, /31 101\r\n$/);
  });

  it('lose none of their last bytes', async () => {
    for (let i = 0; i < 50; i++) {
      const { out } = await harness.run({ text: 'seq 3000', terminal });
      assert.ok(out.endsWith('2999\r\n3000\r\n'), `run ${i} ended with ${JSON.stringify(out.slice(-20))}`);
      assert.equal(out.length, 3000 * 2 + 13893 - 3000);
    }
  });

  it('go on where they were when a terminal that was stopped goes on', async () => {
    const pid = join(harness.folder, 'pid');
    /** Of the process that prints: S once the terminal takes no more. */
    const state = () =>
      /\(seq\) (\S)/.exec(readFileSync(`/proc/${readFileSync(pid, 'utf8').trim()}/stat`, 'utf8'))?.[1];
    const text = "echo READY; read x; bash -c 'echo $$ >pid.new; mv pid.new pid; exec seq 20000'";
    const outcome = await harness.run({ text, terminal }, (execution, printed) => {
      void until(() => printed().includes('READY'))
        .then(() => execution.write(Buffer.from('go\r\x13')))
        .then(() => until(() => existsSync(pid) && state() === 'S'))
        .then(() => execution.write(Buffer.from('\x11')));
    });
    assert.ok(outcome.out.endsWith('20000\r\n'));
  });
});
