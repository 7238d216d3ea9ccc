import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import type { RunRequest, Runs } from '../../../../agent/engine/types';
import type { SessionFactory } from '../../../../agent/executors/executor';
import { createSessionFactory } from '../../../../agent/executors/sessions';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { createSecrets } from '../../../../agent/secrets/createSecrets';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import type { RunStore } from '../../../../agent/store/types';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { says, silent } from './runFixture';
import { cells, sampleRequest } from '../sampleRequest';

const value = 's3cr3t-word';
// Not as it is: the text of a step would be on disk before it is known to hold one.
const byCommand = `---\nsecrets: {TOKEN: "cmd:sh -c 'echo s3cr3t\\"\\"-word'"}\n---\n`;

describe('a run with secrets of real providers', function () {
  this.timeout(20_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let sessions: SessionFactory;
  let runs: Runs;
  const bugs: unknown[] = [];

  beforeEach(async () => {
    folder = await temporaryFolder('handrail-secrets');
    store = openStore(join(folder.path, 'data'));
    sessions = createSessionFactory({ folder: join(folder.path, 'run'), hostId: randomUUID() });
    const report = (error: unknown): void => void bugs.push(error);
    const world = { readFile: (path: string) => readFileSync(path, 'utf8') };
    const common = { store, sessions, createSecrets, world };
    runs = createRuns({ ...common, clock: systemClock, host: thisHost(), report });
  });

  afterEach(async () => {
    await runs.close();
    await sessions.close();
    store.close();
    await folder[Symbol.asyncDispose]();
    assert.deepEqual(bugs.splice(0), []);
  });

  const run = (
    text: string,
    env: Readonly<Record<string, string>> = {},
    change: Partial<RunRequest> = {},
  ): Promise<RunRecord> => {
    const request = sampleRequest(text, { file: join(folder.path, 'x.runbook.md'), ...change });
    Object.assign(request.environment.env, env);
    return runs.start(request, silent).ended;
  };
  const output = ({ id }: RunRecord, step: number): string =>
    Buffer.concat(store.readOutput(id, step, 0, 1e6).chunks.map(({ bytes }) => bytes)).toString();
  const nowhere = (secret: string): void => {
    const grep = spawnSync('grep', ['-rl', secret, folder.path], { encoding: 'utf8' });
    assert.equal(grep.stdout, '');
  };

  const at = (): Partial<RunRequest> => ({
    environment: { env: { PATH: process.env['PATH'] ?? '' }, cwd: folder.path, umask: 0o022, user: 'ana' },
  });

  it('does not resume where a secret is gone that variables hold', async () => {
    const front = '---\nsecrets: {TOKEN: "env:GIVEN"}\n---\n';
    const texts = { a: 'URL="https://u:$TOKEN@db/x"', b: 'echo "$URL" >got; test -e ok' };
    const first = await run(front + cells(texts), { GIVEN: value }, at());
    assert.equal(says(first), 'failed a:passed b:failed');
    writeFileSync(join(folder.path, 'ok'), '');
    writeFileSync(join(folder.path, 'got'), '');
    const resume = (id: string): Partial<RunRequest> => ({ ...at(), continues: { run: id, how: 'resume' } });
    const second = await run(front + cells(texts), {}, resume(first.id));
    assert.deepEqual([says(second), second.steps[1]?.reason], ['failed a:skipped b:failed', 'error']);
    assert.equal(readFileSync(join(folder.path, 'got'), 'utf8'), '');
    const third = await run(front + cells(texts), { GIVEN: value }, resume(second.id));
    assert.equal(third.state, 'passed');
    assert.equal(readFileSync(join(folder.path, 'got'), 'utf8'), `https://u:${value}@db/x\n`);
    rmSync(join(folder.path, 'got'));
    nowhere(value);
  });

  it('masks a real secret that a cell prints in pieces, and keeps it out of its files', async () => {
    const front = '---\nsecrets: {TOKEN: "env:GIVEN", BAD: "file:bad"}\n---\n';
    const texts = {
      a: 'printf s3cr3; sleep 0.05; printf "%s\\n" t-word; KEPT="x${TOKEN}x"; echo "$KEPT"',
      b: 'echo "$KEPT"',
      'c on-error=continue': 'echo "$BAD"',
      d: 'printf %s "${KEPT#x}" | wc -c',
    };
    writeFileSync(join(folder.path, 'bad'), Buffer.alloc(9));
    const ended = await run(front + cells(texts), { GIVEN: value });
    assert.equal(says(ended), 'failed a:passed b:passed c:failed d:passed');
    assert.deepEqual([output(ended, 0), output(ended, 1)], ['•••\nx•••x\n', 'x•••x\n']);
    assert.match(ended.steps[2]?.message ?? '', /BAD/);
    assert.equal(output(ended, 3).trim(), '12');
    nowhere(value);
  });

  it('masks in later runs what a cell of an earlier one has put into the session', async () => {
    const python = (text: string): string => `\n\`\`\`python {name=p}\n${text}\n\`\`\`\n`;
    const kept = { session: 'kept' } as const;
    const keep = cells({ a: 'export COPY="$TOKEN"' }) + python('import os\nt = os.environ["TOKEN"]');
    assert.equal(says(await run(byCommand + keep, {}, kept)), 'passed a:passed p:passed');
    const show = cells({ a: 'echo "copy=$COPY"' }) + python('print(t)');
    // Neither where the runbook declares it nor where it does not any more.
    for (const text of [byCommand + show, show]) {
      const ended = await run(text, {}, kept);
      assert.equal(says(ended), 'passed a:passed p:passed');
      assert.deepEqual([output(ended, 0), output(ended, 1)], ['copy=•••\n', '•••\n']);
    }
  });

  it('gives a variable that is secret to the cells that name it, and masks it before any has', async () => {
    const front = '---\ndotenv: vars\nsecrets: {PASSWORD: "env:DB_PASSWORD", PIN: "env:PIN"}\n---\n';
    writeFileSync(join(folder.path, 'vars'), 'PIN=open-sesame\n');
    const texts = {
      a: 'env | grep -e ^DB_ -e ^PI[N] || echo 0; echo "$OTHER"',
      b: 'test "$PASSWORD" = "$OTHER" && test "$PIN" = open-sesa""me',
      c: 'env | grep -e ^DB_ -e ^PASS -e ^PI[N] || echo 0',
    };
    const env = { DB_PASSWORD: 'hush-hush-hush', OTHER: 'hush-hush-hush' };
    const ended = await run(front + cells(texts), env);
    assert.equal(says(ended), 'passed a:passed b:passed c:passed');
    assert.deepEqual([output(ended, 0), output(ended, 2)], ['0\n•••\n', '0\n']);
  });

  it('keeps out of saved states what a cell of a group gives', async () => {
    const texts = {
      'a parallel=g output=GIVEN': 'echo "got $TOKEN"',
      'b parallel=g': 'true',
      c: 'export ANOTHER="$GIVEN"',
      d: 'echo "$ANOTHER"; false',
    };
    const ended = await run(byCommand + cells(texts));
    assert.equal(says(ended), 'failed a:passed b:passed c:passed d:failed');
    assert.equal(output(ended, 3), 'got •••\n');
    nowhere(value);
  });

  it('masks what a background cell prints before and after it is ready', async () => {
    const go = join(folder.path, 'go');
    const waiting = `until [ -e ${go} ]; do sleep 0.01; done`;
    const texts = {
      [`a background ready="test -e ${go}.ready"`]: `printf %s "\${TOKEN:0:5}"; : >${go}.ready; ${waiting}; printf '%s\\n' "\${TOKEN:5}"; : >${go}.done`,
      b: `: >${go}; until [ -e ${go}.done ]; do sleep 0.01; done`,
    };
    const ended = await run(byCommand + cells(texts));
    assert.equal(says(ended), 'passed a:passed b:passed');
    assert.equal(output(ended, 0), '•••\n');
  });

  it('keeps what a cell gives out of the folder of the data, at any time', async () => {
    const data = join(folder.path, 'data');
    const texts = {
      a: `echo "X=$TOKEN" >>"$HANDRAIL_OUTPUT"; { grep -rl "$TOKEN" ${data} || true; } | wc -l`,
      'b background': `echo "Y=$TOKEN" >>"$HANDRAIL_OUTPUT"; { grep -rl "$TOKEN" ${data} || true; } | wc -l; sleep 100`,
      c: 'test "$X" = "$TOKEN" && test "$Y" = "$TOKEN"',
    };
    const ended = await run(byCommand + cells(texts));
    assert.equal(says(ended), 'passed a:passed b:passed c:passed');
    assert.deepEqual([output(ended, 0).trim(), output(ended, 1).trim()], ['0', '0']);
    nowhere(value);
  });

  it('takes a placeholder that sounds like a secret for one', async () => {
    const text = cells({
      a: 'echo got <db-password> and <host>',
      b: 'sh -c "env | grep -c sesame" || true',
    });
    const request = sampleRequest(text, {
      file: join(folder.path, 'x.runbook.md'),
      inputs: { 'db-password': 'open-sesame', host: 'db1' },
      environment: { env: { PATH: process.env.PATH ?? '' }, cwd: folder.path, umask: 0o022, user: 'ana' },
    });
    const ended = await runs.start(request, silent).ended;
    const printed = (step: number): string =>
      Buffer.concat(store.readOutput(ended.id, step, 0, 1e6).chunks.map(({ bytes }) => bytes)).toString();
    assert.equal(says(ended), 'passed a:passed b:passed');
    assert.equal(printed(0), 'got ••• and db1\n');
    assert.equal(printed(1), '0\n');
    assert.deepEqual(ended.inputs, { 'db-password': '•••', host: 'db1' });
    assert.deepEqual(store.lastInputs(request.file)['db-password'], undefined);
  });

  describe('of a runbook that it needs', () => {
    const other = (front: string, text: Record<string, string>): void => {
      mkdirSync(join(folder.path, 'other'), { recursive: true });
      writeFileSync(join(folder.path, 'other', 'o.runbook.md'), `---\n${front}\n---\n${cells(text)}`);
    };
    const need = 'needs=other/o.runbook.md#s';

    it('gives them to the cells of that runbook alone, as it says where they are', async () => {
      const front = 'dotenv: .env\nsecrets: {A: "env:A_WORD", B: "env:B_WORD", C: "file:word"}';
      other(front, { s: 'printf "%s\\n" "$A" "$B" "$C" | base64 | tr a-z b-za' });
      writeFileSync(join(folder.path, 'other', '.env'), 'A_WORD=hidden-one\n');
      writeFileSync(join(folder.path, 'other', 'word'), 'hidden-three\n');
      const ended = await run(cells({ [`a ${need}`]: 'echo "${A-no} ${A_WORD-no} ${B_WORD-no}"' }), {
        B_WORD: 'hidden-two',
      });
      assert.equal(says(ended), 'passed s:passed a:passed', JSON.stringify(ended.steps));
      const told = Buffer.from('hidden-one\nhidden-two\nhidden-three\n').toString('base64');
      const shifted = told.replace(/[a-z]/g, one =>
        String.fromCharCode(((one.charCodeAt(0) - 96) % 26) + 97),
      );
      assert.equal(output(ended, 0).trim(), shifted);
      assert.equal(output(ended, 1), 'no no no\n');
    });

    it('gives its secret inputs to its cells, and not to others of their names', async () => {
      other('inputs: {PW: {type: secret}}', { s: 'echo "${#PW}"', a: 'echo $PW' });
      const inputs = { PW: 'hidden-word' };
      const ended = await run(cells({ [`a ${need}`]: 'env | sed -n "/^P""W=/p" | wc -l' }), {}, { inputs });
      assert.equal(says(ended), 'passed s:passed a:passed', JSON.stringify(ended.steps));
      assert.deepEqual([output(ended, 0), output(ended, 1)], ['11\n', '0\n']);
    });

    it('refuses two secrets of one name', () => {
      other('secrets: {TOKEN: "env:THEIRS"}', { s: 'echo $TOKEN' });
      const text = `---\nsecrets: {TOKEN: "env:OURS"}\n---\n${cells({ [`a ${need}`]: 'echo $TOKEN' })}`;
      assert.throws(
        () => void run(text),
        /o\.runbook\.md:2:\d+: `TOKEN` is another secret in .*x\.runbook\.md/,
      );
    });
  });
});
