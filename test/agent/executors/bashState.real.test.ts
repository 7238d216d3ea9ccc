import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createHarness, type Harness } from './harness';

/** How a cell may end after it has set something up. */
const endings: Record<string, { text: string; kept: boolean }> = {
  'at its end': { text: '', kept: true },
  'with a failing command': { text: 'false', kept: true },
  'with exit': { text: 'exit 4', kept: true },
  'by SIGINT': { text: 'kill -INT $$; sleep 5', kept: true },
  'by SIGTERM': { text: 'kill -TERM $$; sleep 5', kept: true },
  'by SIGKILL': { text: 'kill -KILL $$; sleep 5', kept: false },
  'with exec': { text: 'exec true', kept: false },
};

/** Each kind of state: what sets it, what shows it, and what that prints where it was kept and where not. */
const states: Record<string, { set: string; show: string; kept: string; lost: string }> = {
  'an exported variable': { set: 'export E="a  b"', show: 'bash -c \'echo "$E"\'', kept: 'a  b', lost: '' },
  'a plain variable': {
    set: "P=$'q\\n\"r'",
    show: 'echo "${P-}"; env | grep -c ^P=',
    kept: 'q\n"r\n0',
    lost: '\n0',
  },
  'an array': {
    set: 'A=(1 "b c" ")" "\'")',
    show: 'echo "${#A[@]}:${A[*]-}"',
    kept: "4:1 b c ) '",
    lost: '0:',
  },
  'an associative array': {
    set: 'declare -A M=(["k )"]="v" [x]=$\'\\t\')',
    show: 'echo "${M["k )"]-}"',
    kept: 'v',
    lost: '',
  },
  'an integer': { set: 'declare -i I=2', show: 'I=1+4; echo $I', kept: '5', lost: '1+4' },
  'a readonly variable': {
    set: 'readonly R=1',
    show: '( R=2 ) 2>/dev/null && echo no || echo yes',
    kept: 'yes',
    lost: 'no',
  },
  'a function': { set: 'f() { echo "in f: $1"; }', show: 'f x 2>/dev/null', kept: 'in f: x', lost: '' },
  'an exported function': {
    set: 'g() { echo in g; }; export -f g',
    show: 'bash -c g 2>/dev/null',
    kept: 'in g',
    lost: '',
  },
  'an alias': { set: "alias hi='echo hello'", show: 'hi 2>/dev/null', kept: 'hello', lost: '' },
  'the folder': { set: 'mkdir -p "d e"; cd "d e"', show: 'basename "$PWD"', kept: 'd e', lost: 'work' },
  'the folder before': { set: 'mkdir -p d; cd d; cd ..', show: 'basename "${OLDPWD-}"', kept: 'd', lost: '' },
  'the path': { set: 'PATH=$PATH:/extra', show: 'echo "${PATH##*:}" | grep extra', kept: '/extra', lost: '' },
  'a set option': { set: 'set -o noglob', show: 'echo *.none', kept: '*.none', lost: '*.none' },
  nounset: {
    set: 'set -u',
    show: '(echo $NOTHING_SET) 2>/dev/null || echo unbound',
    kept: 'unbound',
    lost: '',
  },
  'a shopt option': { set: 'shopt -s nullglob extglob', show: 'echo *.none', kept: '', lost: '*.none' },
  'the umask': { set: 'umask 077', show: 'umask', kept: '0077', lost: '0022' },
  'positional parameters': { set: 'set -- "a b" c', show: 'echo "$#:${1-}"', kept: '2:a b', lost: '0:' },
  'a name reference': { set: 'v=1; declare -n ref=v', show: 'echo "${ref-}"', kept: '1', lost: '' },
  'an unset variable': { set: 'unset GIVEN', show: 'echo "${GIVEN-none}"', kept: 'none', lost: 'given' },
};

describe('state of bash cells', () => {
  for (const [ending, { text, kept }] of Object.entries(endings)) {
    it(`${kept ? 'is kept' : 'is as before'} when a cell ends ${ending}`, async () => {
      for (const [what, state] of Object.entries(states)) {
        await withHarness(async harness => {
          await harness.run({ text: 'mkdir -p work; cd work; OLDPWD=' });
          await harness.run({ text: `${state.set}\n${text}` });
          const shown = await harness.run({ text: state.show, strict: false });
          assert.equal(
            shown.out.trimEnd(),
            (kept ? state.kept : state.lost).trimEnd(),
            `${what}: ${shown.err}`,
          );
        });
      }
    }).timeout(40000);
  }

  it('takes over what python left, and the other way', async () => {
    await withHarness(async harness => {
      await harness.run({ text: 'export A=1; B=2; mkdir -p one; cd one' });
      const python = await harness.run({
        language: 'python',
        text: 'import os\nprint(os.environ["A"], "B" in os.environ, os.path.basename(os.getcwd()))\nos.environ["A"] = "é\\n\'"\ndel os.environ["GIVEN"]\nos.chdir("..")\n',
      });
      assert.equal(python.out, '1 False one\n', python.err);
      const bash = await harness.run({ text: 'echo "$A:$B:${GIVEN-none}"; basename "$PWD" | head -c 9' });
      assert.equal(bash.out, "é\n':2:none\nhandrail-");
    });
  });

  it('keeps options of strict cells out of the session', async () => {
    await withHarness(async harness => {
      assert.equal((await harness.run({ text: 'false; echo no' })).out, '');
      assert.equal(
        (await harness.run({ text: 'false; false | true; echo yes', strict: false })).out,
        'yes\n',
      );
      await harness.run({ text: 'set -e', strict: false });
      await harness.run({ text: 'true' });
      assert.equal((await harness.run({ text: 'false; echo no', strict: false })).out, '');
      await harness.run({ text: 'set +e' });
      assert.equal((await harness.run({ text: 'false; echo yes', strict: false })).out, 'yes\n');
    });
  });

  it('runs a cell of its own folder there and goes back', async () => {
    await withHarness(async harness => {
      await harness.run({ text: 'mkdir -p a b; cd a' });
      assert.match((await harness.run({ text: 'pwd; cd /', cwd: join(harness.folder, 'b') })).out, /\/b\n$/);
      assert.match((await harness.run({ text: 'pwd' })).out, /\/a\n$/);
    });
  });

  it('forgets variables that were for one cell', async () => {
    await withHarness(async harness => {
      await harness.run({ text: 'export V=mine' });
      const cell = await harness.run({
        text: 'echo $V $HANDRAIL_STEP $W',
        env: { HANDRAIL_STEP: '7', V: 'for it', W: 'w' },
      });
      assert.equal(cell.out, 'for it 7 w\n');
      assert.equal(
        (await harness.run({ text: 'echo "$V ${HANDRAIL_STEP-none} ${W-none}"', env: {} })).out,
        'mine none none\n',
      );
    });
  });

  it('keeps its files to itself, and none when it has ended', async () => {
    await withHarness(async harness => {
      const folder = join(harness.folder, 'runtime', 'session-1');
      const shown = await harness.run({ text: `umask 000; x=1; stat -c %a ${folder}/*` });
      assert.equal(shown.out, '600\n');
      await harness.run({ text: 'kill -KILL $$' });
      assert.deepEqual(await readdir(folder), []);
    });
  });

  it('goes on in POSIX mode, asked for by a cell or by the client', async () => {
    for (const env of [{}, { POSIXLY_CORRECT: '1' }]) {
      const harness = await createHarness(env);
      await harness.run({ text: 'V=1; set -o posix' });
      assert.match((await harness.run({ text: 'echo $V $SHELLOPTS' })).out, /^1 .*posix/);
      await harness.close();
    }
  });

  it('does not let -x and -v show what is ours', async () => {
    await withHarness(async harness => {
      await harness.run({ text: 'set -x' });
      const shown = await harness.run({ text: 'echo a' });
      assert.equal(shown.err, '++ echo a\n');
    });
  });
});

async function withHarness(test: (harness: Harness) => Promise<void>): Promise<void> {
  const harness = await createHarness({ GIVEN: 'given' });
  try {
    await test(harness);
  } finally {
    await harness.close();
  }
}
