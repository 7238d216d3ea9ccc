import assert from 'node:assert/strict';
import type { CellSpec, Ending } from '../../../../agent/executors/executor';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { needs } from '../../../support/realSystem';
import { until } from '../harness';
import { type ContainerHarness, openOn } from './cellsInContainers';

interface Case extends Partial<CellSpec> {
  readonly text: string;
  readonly out?: string;
  readonly err?: RegExp;
  readonly ending?: Partial<Ending>;
}

/** Cells one after the other in one session. */
const cells: Record<'python' | 'node', Record<string, Case>> = {
  python: {
    'show the last value': { text: 'x = 1\nx + 1', out: '2\n' },
    'remember it, and name the line that failed': {
      text: 'print(x)\n1 / 0',
      out: '1\n',
      err: /book\.md", line 12, in <module>[^]*ZeroDivisionError/,
      ending: { reason: 'exit', exit: 1, failedLine: 2 },
    },
    'give folder and variables to the shell': { text: 'import os; os.chdir("/tmp"); os.environ["P"] = "1"' },
    'which has them': { language: 'bash', text: 'echo $P $PWD; export Q=2; cd /', out: '1 /tmp\n' },
    'and gives them back': { text: 'print(os.environ["Q"], os.getcwd())', out: '2 /\n' },
    'end with exit': { text: 'exit(3)', ending: { reason: 'exit', exit: 3, failedLine: 1 } },
    'go on after that': { text: 'x', out: '1\n' },
    'have secrets for the one cell only': {
      text: 'print(os.environ["TOKEN"])',
      secrets: new Map([['TOKEN', 'tell-nobody']]),
      out: 'tell-nobody\n',
    },
    'and not in the next': { text: 'print(os.environ.get("TOKEN"))', out: 'None\n' },
    'are over when they write to the line of the interpreter': {
      text: 'driver = __import__("sys")._getframe(3).f_locals["self"]; driver.control.send(b"junk\\n")',
      ending: {
        reason: 'exit',
        exit: 1,
        message:
          'The cell, or what it started, wrote to the line on which python answers Handrail, so how it ended is not known. python was ended.',
      },
    },
    'begin anew after that': { text: 'import os; 1', out: '1\n', err: /^python had ended/ },
    'end with a crash': { text: 'os._exit(4)', ending: { reason: 'exit', exit: 4 } },
    'begin anew after it and say so': {
      text: 'x',
      err: /^python had ended \(exit 4\); this is a new one[^]*NameError/,
      ending: { reason: 'exit', exit: 1, failedLine: 1 },
    },
  },
  node: {
    'show the last value': { text: 'const x = 1; x + 1', out: '2\n' },
    'remember it and wait': { text: 'await new Promise(done => setTimeout(done, 20)); x', out: '1\n' },
    'give folder and variables to the shell': {
      text: 'process.chdir("/tmp"); process.env.P = "1"; 0',
      out: '0\n',
    },
    'which has them': { language: 'bash', text: 'echo $P $PWD', out: '1 /tmp\n' },
    'name the line that failed': {
      text: '\nthrow new Error("no")',
      err: /Uncaught Error: no/,
      ending: { reason: 'exit', exit: 1, failedLine: 2 },
    },
  },
};

describe('interpreters in containers', function () {
  this.timeout(120_000);
  let engine: RealEngine;
  before(needs(dockerd));
  before(async () => {
    engine = await startDocker();
    await engine.load('python', 'node', 'busybox');
  });
  after(() => engine?.[Symbol.asyncDispose]());

  for (const language of ['python', 'node'] as const) {
    describe(language, () => {
      const target = `image:localhost/${language}:1`;
      let harness: ContainerHarness;
      before(async () => (harness = await openOn(engine)));
      after(() => harness.close());

      for (const [does, { out, err, ending = { reason: 'exit', exit: 0 }, ...spec }] of Object.entries(
        cells[language],
      )) {
        it(does, async () => {
          const found = await harness.on(target, { language, ...spec });
          assert.deepEqual(found.ending, ending, found.err);
          if (out !== undefined) assert.equal(found.out, out);
          if (err !== undefined) assert.match(found.err, err);
        });
      }

      const endless = {
        python: 'print("on", flush=True)\nwhile True: pass',
        node: 'console.log("on"); for (;;) {}',
      };
      it('stops at Stop and keeps what it knows', async () => {
        await harness.on(target, { language, text: language === 'python' ? 'kept = 5' : 'var kept = 5' });
        const { ending } = await harness.on(
          target,
          { language, text: endless[language] },
          (execution, printed) => {
            void until(() => printed().includes('on'), 20_000).then(() => execution.stop('cancel'));
          },
        );
        assert.equal(ending.reason, 'cancel');
        assert.equal((await harness.on(target, { language, text: 'kept' })).out, '5\n');
      });

      it('has a terminal where it is asked for', async () => {
        const own = await openOn(engine);
        const text =
          language === 'python'
            ? 'import sys; print(sys.stdout.isatty(), input("name? "))'
            : 'console.log(process.stdout.isTTY); 0';
        const { out } = await own.on(
          target,
          { language, text, terminal: { columns: 80, rows: 24 } },
          (execution, printed) => {
            if (language === 'python')
              void until(() => printed().includes('name?'), 20_000).then(() =>
                execution.write(Buffer.from('ana\n')),
              );
          },
        );
        assert.match(out, language === 'python' ? /True ana/ : /true/);
        await own.close();
      });
    });
  }

  it('that are not in the image are told of', async () => {
    const harness = await openOn(engine);
    const { ending } = await harness.on('image:localhost/busybox:1', { language: 'python', text: '1' });
    assert.deepEqual(ending, {
      reason: 'error',
      message:
        'python3 is not installed, or not on the PATH in image localhost/busybox:1: use an image that has it, or run the cell elsewhere.',
    });
    await harness.close();
  });
});
