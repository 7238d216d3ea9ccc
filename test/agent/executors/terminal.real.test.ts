import assert from 'node:assert/strict';
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

  it('wait for nothing in a terminal that was stopped', async () => {
    const outcome = await harness.run(
      { text: 'echo READY; sleep 0.3; seq 20000', terminal },
      (execution, printed) => {
        void until(() => printed().includes('READY')).then(() => {
          execution.write(Buffer.from('\x13'));
          setTimeout(() => execution.write(Buffer.from('\x11')), 600);
        });
      },
    );
    assert.ok(outcome.out.endsWith('20000\r\n'));
  });
});
