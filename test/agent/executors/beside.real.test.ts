import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { CellSpec, Execution, Session } from '../../../agent/executors/executor';
import { startTimeOf } from '../../../agent/processTable';
import { createHarness, type Harness, runCell, until } from './harness';

describe('cells beside a session', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(() => harness.close());

  const start = (spec: Partial<CellSpec>, session: Session = harness.session) => {
    let printed = '';
    const execution: Execution = session.start(
      {
        language: 'bash',
        text: '',
        file: '/docs/book.md',
        line: 1,
        env: {},
        strict: true,
        terminal: undefined,
        ...spec,
      },
      { write: (_stream, bytes) => void (printed += Buffer.from(bytes).toString()) },
    );
    return { execution, printed: () => printed };
  };
  const waits = 'trap "echo INT; exit 5" INT; echo READY; while :; do sleep 0.02; done';

  it('have a copy of the state and give nothing back', async () => {
    await harness.run({ text: 'V=1; export E=2; f() { echo f; }; cd /usr' });
    const beside = start({ text: 'echo $V $E $(f) $PWD; V=9; export E=9; cd /' });
    assert.deepEqual(await beside.execution.ended, { reason: 'exit', exit: 0 });
    assert.equal(beside.printed(), '1 2 f /usr\n');
    assert.equal((await harness.run({ text: 'echo $V $E $PWD' })).out, '1 2 /usr\n');
  });

  it('run several at once, on terminals too, while other cells run', async () => {
    const terminal = { columns: 40, rows: 10 };
    const all = [start({ text: waits }), start({ text: waits, terminal }), start({ text: waits })];
    for (const each of all) await until(() => each.printed().includes('READY'));
    assert.equal((await harness.run({ text: 'echo meanwhile' })).out, 'meanwhile\n');
    assert.deepEqual(await harness.session.processes(), []);
    for (const each of all) each.execution.stop('cancel');
    for (const each of all) assert.equal((await each.execution.ended).reason, 'cancel');
    assert.match(all[1]?.printed() ?? '', /INT/);
  });

  it('end with the session, politely', async () => {
    const beside = start({ text: waits });
    await until(() => beside.printed().includes('READY'));
    await harness.session.close();
    assert.deepEqual(await beside.execution.ended, { reason: 'cancel', exit: 5 });
    assert.match(beside.printed(), /INT/);
  });

  it('leave what they leave behind to the session, and no files', async () => {
    const beside = start({ text: 'sleep 361 & sleep 0; echo $!' });
    await beside.execution.ended;
    const [left] = await harness.session.processes();
    assert.equal(left?.pid, Number(beside.printed()));
    assert.deepEqual(readdirSync(harness.session.folder), []);
    await harness.session.close();
    assert.equal(startTimeOf(left?.pid ?? 0), undefined);
  });

  it('leave no file open when they have ended', async () => {
    const open = () => readdirSync('/proc/self/fd').length;
    const several = async () => {
      for (const terminal of [undefined, { columns: 80, rows: 24 }])
        for (const language of ['bash', 'python'])
          await start({ language, text: 'print = 1', terminal }).execution.ended;
    };
    await several();
    const before = open();
    for (let i = 0; i < 4; i++) await several();
    await until(() => open() <= before);
  });

  it('have an interpreter of their own', async () => {
    await harness.run({ language: 'python', text: 'x = 1' });
    const beside = start({ language: 'python', text: 'print("x" in globals())' });
    assert.equal((await beside.execution.ended).exit, 0);
    assert.equal(beside.printed(), 'False\n');
    assert.equal((await harness.run({ language: 'python', text: 'x' })).out, '1\n');
    assert.deepEqual(await harness.session.processes(), []);
  });

  it('say why they cannot start', async () => {
    const { reason, message } = await start({ language: 'cobol' }).execution.ended;
    assert.equal(reason, 'error');
    assert.match(message ?? '', /Nothing is known to run cobol cells\. Name a program with interpreter=/);
  });
});

describe('a fork of a session', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness()));
  afterEach(() => harness.close());

  it('goes its own way, at the same time', async () => {
    await harness.run({ text: 'V=1; f() { echo f$V; }; alias a="echo al"' });
    const fork = harness.session.fork();
    const other = runCell(fork, { text: 'V=2; f; until [ -e here ]; do sleep 0.02; done; echo done' });
    assert.equal((await harness.run({ text: 'f; V=3; : >here' })).out, 'f1\n');
    assert.equal((await other).out, 'f2\ndone\n');
    assert.equal((await runCell(fork, { text: 'echo $V\na' })).out, '2\nal\n');
    assert.equal((await harness.run({ text: 'echo $V' })).out, '3\n');
    await fork.close();
  });

  it('closes without what it left behind, and without the interpreters of others', async () => {
    await harness.run({ language: 'python', text: 'x = 1' });
    const fork = harness.session.fork();
    await runCell(fork, { language: 'python', text: 'x = 2' });
    const { out } = await runCell(fork, { text: 'sleep 362 & echo $!' });
    const before = await harness.session.processes();
    await fork.close();
    assert.deepEqual(await harness.session.processes(), before);
    assert.deepEqual(
      before.map(({ pid }) => pid),
      [Number(out)],
    );
    assert.equal((await harness.run({ language: 'python', text: 'x' })).out, '1\n');
  });

  it('ends its running cell when it closes', async () => {
    const fork = harness.session.fork();
    const ended = runCell(
      fork,
      { text: 'trap "exit 7" INT; echo READY; while :; do sleep 0.02; done' },
      (_, printed) => {
        void until(() => printed().includes('READY')).then(() => fork.close());
      },
    );
    assert.deepEqual((await ended).ending, { reason: 'cancel', exit: 7 });
  });
});

describe('variables that are assigned between cells', () => {
  let harness: Harness;
  beforeEach(async () => void (harness = await createHarness({ GIVEN: 'given' })));
  afterEach(() => harness.close());

  for (const language of ['bash', 'zsh', 'fish', 'python', 'node']) {
    it(`are there in ${language}, over its own, and gone where they were unset`, async () => {
      if (language === 'zsh') await harness.run({ language, text: 'V=own' });
      if (language === 'fish') await harness.run({ language, text: 'set -g V own' });
      if (language === 'bash') await harness.run({ language, text: 'V=own' });
      harness.session.assign(
        new Map([
          ['V', `it's "é"\n$HOME`],
          ['GIVEN', undefined],
        ]),
      );
      assert.equal(harness.session.env.get('V'), `it's "é"\n$HOME`);
      assert.equal(harness.session.env.has('GIVEN'), false);
      const shown = await harness.run({ language, text: show[language] ?? '' });
      assert.equal(shown.out, `it's "é"\n$HOME none`, shown.err + JSON.stringify(shown.ending));
    });
  }

  it('and the folder are told', async () => {
    await harness.run({ text: 'cd /usr; export A=1; B=2' });
    assert.equal(harness.session.cwd, '/usr');
    assert.equal(harness.session.env.get('A'), '1');
    for (const name of ['B', 'HANDRAIL_HOST', 'HANDRAIL_CELL', 'HANDRAIL_STEP'])
      assert.equal(harness.session.env.has(name), false, name);
  });
});

const show: Readonly<Record<string, string>> = {
  bash: 'printf %s "$V ${GIVEN-none}"',
  zsh: 'printf %s "$V ${GIVEN-none}"',
  fish: 'set -q GIVEN; or set GIVEN none; printf %s "$V $GIVEN"',
  python: 'import os; print(os.environ["V"], os.environ.get("GIVEN", "none"), end="")',
  node: 'process.stdout.write(process.env.V + " " + (process.env.GIVEN ?? "none")); undefined',
};
