import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../../agent/executors/executor';
import { HandrailError } from '../../../agent/protocol/errors';
import { createHarness, environment, type Harness, runCell } from './harness';

/** What sets up state in a language, what shows it, and what that prints. */
const states: Readonly<Record<string, readonly [set: string, show: string, shown: string]>> = {
  bash: [
    'V="a b"; export E=é; readonly R=r; A=(1 "2 3"); f() { echo f; }; alias al="echo al"; shopt -s nullglob; set -f; set -- p q',
    'echo "$V" $E $R "${A[1]}" $(f) $2 $-; shopt -q nullglob && echo on\nal',
    /^a b é r 2 3 f q .*f.*\non\nal\n$/.source,
  ],
  zsh: [
    'V="a b"; typeset -A M=(k v); f() { echo f }; alias al="echo al"; setopt nullglob',
    'echo "$V" $M[k] $(f) *.none\nal',
    '^a b v f\nal\n$',
  ],
  fish: ['set -g V a "b c"; function f; echo f; end', 'echo $V[2]; f', '^b c\nf\n$'],
};

describe('the state of a session in a file', () => {
  let harness: Harness;
  let other: Harness;
  beforeEach(async () => {
    harness = await createHarness({ GIVEN: 'here', BOTH: 'one' });
    other = await createHarness({ GIVEN: 'there', BOTH: 'one', ONLY: 'there' });
  });
  afterEach(() => Promise.all([harness.close(), other.close()]));

  const path = () => join(harness.folder, 'state');
  const show = (session: Session, language: string, text: string) =>
    runCell(session, { language, text, strict: false });

  for (const [language, [set, shows, shown]] of Object.entries(states)) {
    it(`brings back that of ${language}, in the same session and in another`, async () => {
      await harness.run({ language, text: `${set}\ncd /usr; umask 027` });
      harness.session.save(path());
      await harness.run({ language, text: language === 'fish' ? 'set -g V no; cd /' : 'V=no; cd /; set +f' });
      for (const session of [harness.session, other.session]) {
        await session.restore(path());
        const { out, err } = await show(session, language, shows);
        assert.match(out, new RegExp(shown), err);
        assert.match((await show(session, 'bash', 'set +f; echo $PWD $(umask)')).out, /^\/usr 0027\n$/);
      }
    });
  }

  it('is what cells had changed, and otherwise the client', async () => {
    await harness.run({ text: 'export BOTH=cell NEW=n; unset HOME' });
    harness.session.save(path());
    await other.session.restore(path());
    const shown = await show(
      other.session,
      'bash',
      'echo $GIVEN $ONLY $BOTH $NEW ${HOME-gone}; [ "$PWD" = "$1" ] || pwd',
    );
    assert.equal(shown.out, `there there cell n gone\n${other.folder}\n`);
    assert.equal((await show(other.session, 'python', 'import os; print(os.environ["BOTH"])')).out, 'cell\n');
  });

  it('holds nothing of the client, and is for its owner alone', async () => {
    await harness.run({ text: 'umask 0; V=1' });
    harness.session.save(path());
    const text = readFileSync(path(), 'utf8');
    assert.ok(!text.includes('here') && !text.includes(process.env['PATH'] ?? ''), text);
    assert.equal(statSync(path()).mode & 0o777, 0o600);
  });

  it('has placeholders for secrets, which the other session has to know', async () => {
    const value = 'tell-"nobody" $x';
    await harness.run({
      text: 'export URL="https://u:$TOKEN@host"; cd /',
      secrets: new Map([['TOKEN', value]]),
    });
    harness.session.save(path());
    assert.ok(!readFileSync(path(), 'utf8').includes('nobody'));
    await other.session.restore(path());
    assert.deepEqual([...other.session.lacking], ['TOKEN']);
    // A cell that runs all the same loses nothing.
    assert.match((await show(other.session, 'bash', 'echo "$URL"')).out, /^https:\/\/u:__handrail_secret/);
    other.session.protect(new Map([['TOKEN', 'another']]));
    assert.deepEqual([...other.session.lacking], []);
    assert.equal((await show(other.session, 'bash', 'echo "$URL"')).out, 'https://u:another@host\n');
    assert.equal(
      (await show(other.session, 'python', 'import os; print(os.environ["URL"])')).out,
      'https://u:another@host\n',
    );
  });

  it('ends interpreters and says so', async () => {
    await harness.run({ language: 'python', text: 'x = 1' });
    harness.session.save(path());
    for (const session of [harness.session, other.session]) {
      await session.restore(path());
      const { err, ending } = await show(session, 'python', 'x');
      assert.match(err, /python had ended \(the session went back to a state saved before\).*\n.*NameError/s);
      assert.equal(ending.exit, 1);
    }
  });

  it('is refused where it is damaged, newer or not there', async () => {
    await harness.run({ text: 'V=1' });
    harness.session.save(path());
    const text = readFileSync(path(), 'utf8');
    const broken: Readonly<Record<string, readonly [string | undefined, RegExp]>> = {
      empty: ['', /does not begin as one/],
      other: ['{"a":1}\n', /does not begin as one/],
      cut: [text.slice(0, -9), /missing or changed/],
      changed: [text.replace('"V"', '"W"'), /missing or changed/],
      newer: [text.replace(/^(\S+) 1 /, '$1 2 '), /newer Handrail.*Update/],
      gone: [undefined, /ENOENT/],
    };
    for (const [what, [content, why]] of Object.entries(broken)) {
      const file = join(harness.folder, what);
      if (content !== undefined) writeFileSync(file, content);
      await assert.rejects(harness.session.restore(file), (error: unknown) => {
        assert.ok(error instanceof HandrailError && error.code === 'invalidState', what);
        assert.match(error.message, why);
        return true;
      });
    }
    assert.equal((await harness.run({ text: 'echo $V' })).out, '1\n');
  });

  it('is not taken while a cell runs', async () => {
    harness.session.save(path());
    await harness.run({ text: 'sleep 380' }, execution => {
      void assert
        .rejects(harness.session.restore(path()), /running another cell/)
        .finally(() => execution.stop('cancel'));
    });
  });

  it('costs next to nothing', async () => {
    const session = harness.session;
    session.adopt({ ...environment(harness.folder), env: { ...(process.env as Record<string, string>) } });
    await harness.run({ text: 'for i in {1..40}; do export "X$i=value $i"; done; f() { echo f; }' });
    session.save(path());
    const times = Array.from({ length: 50 }, () => {
      const begin = performance.now();
      session.save(path());
      return performance.now() - begin;
    }).sort((a, b) => a - b);
    assert.ok((times[25] ?? 9) < 2, `${times[25]} ms`);
    if (process.env['SHOW_TIMES']) console.log(times[5], times[25], times[45]);
  });
});
