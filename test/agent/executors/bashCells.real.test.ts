import assert from 'node:assert/strict';
import type { CellSpec, Ending } from '../../../agent/executors/executor';
import { createSessionFactory } from '../../../agent/executors/sessions';
import { createHarness, environment, type Harness, runCell } from './harness';

/** Cells, and what they print and how they end. */
const cells: Record<
  string,
  {
    spec: Partial<CellSpec>;
    out?: string;
    err?: RegExp;
    ending?: { [K in keyof Ending]?: Ending[K] | undefined };
  }
> = {
  'a heredoc': { spec: { text: "cat <<'E'\n$HOME `x` \\\nE" }, out: '$HOME `x` \\\n' },
  'a heredoc with trailing blanks': { spec: { text: 'cat <<E\na  \n\nE\n' }, out: 'a  \n\n' },
  'quotes and dollars': { spec: { text: `echo 'it'"'"'s' "$((1 + 1))" \\$x` }, out: "it's 2 $x\n" },
  'no stdin': { spec: { text: 'cat; read x || echo none' }, out: 'none\n' },
  'both streams': { spec: { text: 'echo o; echo e >&2' }, out: 'o\n', err: /^e\n$/ },
  'an exit on its line': {
    spec: { text: 'if true; then\n  (exit 3) || :\n  exit 4\nfi' },
    ending: { exit: 4, failedLine: 3 },
  },
  'an exit that is one of two': {
    spec: { text: 'false && exit 4\nexit 4' },
    ending: { exit: 4, failedLine: undefined },
  },
  'an exit code': { spec: { text: 'exit 7' }, ending: { reason: 'exit', exit: 7 } },
  'a signal': { spec: { text: 'kill -KILL $$' }, ending: { reason: 'signal', signal: 'SIGKILL' } },
  'the first failing command': {
    spec: { text: 'echo a\nfalse\necho b' },
    out: 'a\n',
    ending: { reason: 'exit', exit: 1, failedLine: 2 },
  },
  'a failing part of a pipe': { spec: { text: '\nfalse | cat\necho b' }, ending: { exit: 1, failedLine: 2 } },
  'a failure within a function': {
    spec: { text: 'f() {\n  false\n}\nf\necho b' },
    ending: { exit: 1, failedLine: 4 },
  },
  'a failure that is asked for': { spec: { text: 'if false; then :; fi\nfalse || echo b' }, out: 'b\n' },
  'a cell that is not strict': {
    spec: { text: 'false\necho b', strict: false },
    out: 'b\n',
    ending: { exit: 0 },
  },
  'a missing command': {
    spec: { text: '\n\nnosuch-command' },
    err: /^\/docs\/book\.md: line 13: nosuch-command: command not found\n$/,
    ending: { exit: 127, failedLine: 3 },
  },
  'a syntax error': {
    spec: { text: 'echo a\nif ; then' },
    out: 'a\n',
    err: /book\.md: .*line 12: syntax error/,
    ending: { exit: 2 },
  },
  'an EXIT trap': { spec: { text: "trap 'echo bye $?' EXIT\nexit 3" }, out: 'bye 3\n', ending: { exit: 3 } },
  'an EXIT trap that exits': {
    spec: { text: "trap 'echo bye; exit 9' EXIT\nfalse" },
    out: 'bye\n',
    ending: { exit: 9 },
  },
  'an EXIT trap taken back': { spec: { text: "trap 'echo bye' EXIT\ntrap - EXIT" }, out: '' },
  'a trap of a subshell': { spec: { text: "(trap 'echo sub' EXIT; true)\necho a" }, out: 'sub\na\n' },
  'a trap for a signal': { spec: { text: "trap 'echo usr' USR1\nkill -USR1 $$\n:" }, out: 'usr\n' },
  'an ERR trap of its own': {
    spec: { text: "trap 'echo err' ERR\nfalse", strict: false },
    out: 'err\n',
    ending: { exit: 1 },
  },
  'stdout closed early': { spec: { text: 'exec >&-\nsleep 0.1\necho e >&2' }, err: /^e\n$/ },
  'no name of ours in $0': { spec: { text: 'echo "$0 $# $-"' }, out: '/docs/book.md 0 ehBc\n' },
  'text on the first line': {
    spec: { text: 'nosuch-command', line: 1 },
    err: /line 1: nosuch/,
    ending: { failedLine: 1 },
  },
  'a folder that is not there': {
    spec: { text: ':', cwd: '/not/there' },
    ending: {
      reason: 'error',
      message: 'The folder of this cell is not there: /not/there. Create it, or correct cwd=',
    },
  },
  'a program of its own': {
    spec: { text: 'print "p\\n"; exit 2', interpreter: ['perl', '-w'] },
    out: 'p\n',
    ending: { exit: 2 },
  },
  'a program that is not there': {
    spec: { text: '', interpreter: ['no-such-program'] },
    ending: {
      reason: 'error',
      message: 'no-such-program is not installed, or not on the PATH: install it, or correct interpreter=',
    },
  },
  NUL: { spec: { text: 'echo a\necho \0b' }, ending: { reason: 'error' } },
};

describe('bash cells', () => {
  let harness: Harness;
  before(async () => void (harness = await createHarness()));
  after(() => harness.close());

  for (const [what, { spec, out, err, ending }] of Object.entries(cells)) {
    it(`run ${what}`, async () => {
      const outcome = await harness.run(spec);
      if (out !== undefined) assert.equal(outcome.out, out);
      if (err === undefined) assert.equal(outcome.err, '');
      else assert.match(outcome.err, err);
      for (const [key, value] of Object.entries(ending ?? {})) {
        assert.equal(outcome.ending[key as keyof Ending], value, JSON.stringify(outcome.ending));
      }
      if (ending?.failedLine === undefined && outcome.ending.exit === 0)
        assert.equal(outcome.ending.failedLine, undefined);
    });
  }

  it('pass bytes through that are no UTF-8, in the text as in the output', async () => {
    const outcome = await harness.run({ text: "printf '\\377\\0a'; printf '\udcfe'; X='\udcfd'" });
    assert.deepEqual([...outcome.bytes], [0xff, 0, 0x61, 0xfe]);
    assert.deepEqual([...(await harness.run({ text: 'printf "$X"' })).bytes], [0xfd]);
  });

  it('get none of our own environment', async () => {
    process.env['HANDRAIL_SECRET_OF_THE_AGENT'] = 'x';
    const names = (await harness.run({ text: 'env' })).out.matchAll(/^(\w+)=/gm);
    delete process.env['HANDRAIL_SECRET_OF_THE_AGENT'];
    const expected = [
      'HANDRAIL_CELL',
      'HANDRAIL_HOST',
      'HANDRAIL_STEP',
      'HOME',
      'LANG',
      'PATH',
      'PWD',
      'SHLVL',
      '_',
    ];
    assert.deepEqual([...names].map(([, name]) => name).sort(), expected);
  });

  it('read no rc file', async () => {
    const session = await createHarness({ BASH_ENV: '/dev/stdin', ENV: '/dev/stdin', HOME: harness.folder });
    assert.equal((await session.run({ text: 'echo a' })).out, 'a\n');
    await session.close();
  });

  it('hand on a line of 100 MB at the pace of whoever takes it', async () => {
    let bytes = 0;
    const execution = harness.session.run(
      {
        language: 'bash',
        text: 'head -c 104857600 /dev/zero',
        file: 'b',
        line: 1,
        env: {},
        strict: true,
        terminal: undefined,
      },
      {
        write(_stream, chunk) {
          bytes += chunk.length;
          return new Promise(resolve => setImmediate(resolve));
        },
      },
    );
    assert.deepEqual(await execution.ended, { reason: 'exit', exit: 0 });
    assert.equal(bytes, 104857600);
  });

  it('say that their files cannot be written', async () => {
    const factory = createSessionFactory({ folder: '/dev/null/handrail', hostId: 'nowhere' });
    const { ending } = await runCell(factory.open(environment(harness.folder)), { text: 'echo a' });
    await factory.close();
    assert.equal(ending.reason, 'error');
    assert.match(ending.message ?? '', /could not be written below \/dev\/null\/handrail: ENOTDIR/);
  });

  it('end when the output cannot be taken', async () => {
    const execution = harness.session.run(
      { language: 'bash', text: 'yes', file: 'b', line: 1, env: {}, strict: true, terminal: undefined },
      { write: () => Promise.reject(new Error('disk full')) },
    );
    const ending = await execution.ended;
    assert.equal(ending.reason, 'error');
    assert.match(ending.message ?? '', /disk full/);
  });
});
