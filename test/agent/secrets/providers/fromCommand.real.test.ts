import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processesWith } from '../../../support/processesWith';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { fetchOne, never, refuses, secretsOf } from '../secretsOf';

describe('a secret from a command', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => (folder = await temporaryFolder('hr-secret-cmd')));
  after(() => folder[Symbol.asyncDispose]());
  const world = (): { cwd: string; env: Record<string, string> } => ({
    cwd: folder.path,
    env: { HR_SECRET_TEST: folder.path },
  });
  const noneLeft = (): Promise<true> =>
    waitFor(
      'the end of all processes',
      async () => (await processesWith('HR_SECRET_TEST', folder.path)).length === 0,
    );

  const check = (command: string, expected: () => string): unknown =>
    it(command, async () => {
      assert.equal(await fetchOne(`cmd:${command}`, world()), expected());
      await noneLeft();
    });
  check('echo correct horse', () => 'correct horse');
  check("printf '%s\\n\\n' lines", () => 'lines\n');
  check('echo "$HOME" | cat', () => '$HOME | cat');
  check('pwd', () => folder.path);
  check(`sh -c 'echo "$HR_SECRET_TEST"'`, () => folder.path);
  check(`sh -c 'echo value; echo "look here" >&2'`, () => 'value');
  check(`sh -c 'cat; echo value'`, () => 'value');
  check(`sh -c '(sleep 60; echo more) & echo value'`, () => 'value');

  const wrong = (command: string, reason: string, words: RegExp, values: string[] = []): unknown =>
    it(`refuses ${command}`, async () => {
      await refuses(`cmd:${command}`, { ...world(), deadline: 5000 }, reason, words, values);
      await noneLeft();
    });
  wrong(
    `sh -c 'echo "gpg: no key" >&2; exit 3'`,
    'failed',
    /sh ended with exit code 3: gpg: no key\. Try the command/,
  );
  wrong(`sh -c 'exit 1'`, 'failed', /sh ended with exit code 1 and said nothing\./);
  wrong(`sh -c 'kill -9 $$'`, 'failed', /sh ended with SIGKILL/);
  wrong(
    'no-such-program show x',
    'missing',
    /no-such-program was not found \(PATH of whoever.*\. Install it/,
  );
  wrong('sh -c \'printf "\\377\\376abc"\'', 'binary', /it is not UTF-8/);
  wrong('sh -c \'printf "abcd\\000efgh"\'', 'binary', /NUL byte/);
  wrong('true', 'tooShort', /it is empty/);
  wrong('yes', 'tooLong', /yes printed more than 64 KiB, so it was ended/);
  wrong("sh -c 'yes >&2 & yes'", 'tooLong', /printed more than 64 KiB/);
  wrong("echo 'x", 'misconfigured', /a quote in the command is not closed/);
  wrong("''", 'misconfigured', /there is no command/);

  it('tells nothing of the value where a command fails after printing it', async () => {
    const script = join(folder.path, 'leaky.sh');
    await writeFile(
      script,
      'value=$(printf 7719; printf -- -4242)\necho "$value"\necho "cannot store $value" >&2\nexit 1\n',
    );
    await refuses(`cmd:sh ${script}`, world(), 'failed', /exit code 1: cannot store •••/, ['7719-4242']);
  });

  for (const how of ['sleep 600', `trap "" TERM; sleep 600`]) {
    it(`gives up a command that hangs, and ends it: ${how}`, async () => {
      const hanging = { ...world(), deadline: 300 };
      await refuses(
        `cmd:sh -c '${how} & wait'`,
        hanging,
        'deadline',
        /no answer within 0\.3 s, so it was given up\. It may wait/,
      );
      await noneLeft();
    });
  }

  it('runs it once for all who wait', async () => {
    const count = join(folder.path, 'count');
    const script = `echo ran >>${count}; sleep 0.2; echo value`;
    const secrets = secretsOf({ S: `cmd:sh -c '${script}'` }, world());
    const both = await Promise.all([secrets.fetch(['S'], never), secrets.fetch(['S'], never)]);
    await secrets.fetch(['S'], never);
    assert.deepEqual(
      both.map(values => values.get('S')),
      ['value', 'value'],
    );
    assert.equal(await readFile(count, 'utf8'), 'ran\n');
  });

  it('goes on for the others when one of those who wait is cancelled, and ends with the last', async () => {
    const secrets = secretsOf({ S: `cmd:sh -c 'sleep 0.3; echo value'`, T: 'cmd:sleep 600' }, world());
    const cancelled = new AbortController();
    const first = assert.rejects(secrets.fetch(['S'], cancelled.signal), /cancelled/);
    const second = secrets.fetch(['S'], never);
    cancelled.abort(new Error('cancelled'));
    await first;
    assert.equal((await second).get('S'), 'value');
    const alone = new AbortController();
    const third = assert.rejects(secrets.fetch(['T'], alone.signal), /cancelled/);
    await waitFor('the command', async () => (await processesWith('HR_SECRET_TEST', folder.path)).length > 0);
    alone.abort(new Error('cancelled'));
    await third;
    await noneLeft();
  });

  it('tries again after a failure', async () => {
    const file = join(folder.path, 'late');
    const secrets = secretsOf({ S: `cmd:cat ${file}` }, world());
    await assert.rejects(secrets.fetch(['S'], never), /cat ended with exit code 1/);
    await writeFile(file, 'value now');
    assert.equal((await secrets.fetch(['S'], never)).get('S'), 'value now');
  });
});
