import assert from 'node:assert/strict';
import { HandrailError } from '../../../agent/protocol/errors';
import { never, refuses, secretsOf } from './secretsOf';

describe('createSecrets', () => {
  it('fetches what is asked for, once, and masks it', async () => {
    const secrets = secretsOf({ X: 'cmd:echo value of a', Y: 'cmd:echo value of b' });
    assert.deepEqual([...secrets.names], ['X', 'Y']);
    assert(secrets.redactor.isEmpty);
    assert.deepEqual(await secrets.fetch(['X', 'X'], never), new Map([['X', 'value of a']]));
    assert.deepEqual([...secrets.fetched.keys()], ['X']);
    assert.equal(secrets.redactor.text('value of a, value of b'), '•••, value of b');
    await secrets.fetch(['X', 'Y'], never);
    assert.equal(secrets.redactor.text('value of a, value of b'), '•••, •••');
  });

  it('masks what variables of the client hold from the beginning, and what else it is told', () => {
    const env = { A: 'value of a', C: 'value of c', D: 'abc' };
    const secrets = secretsOf({ X: 'env:A', Y: 'env:B', Z: 'env:D' }, { env });
    assert.equal(secrets.redactor.text('value of a, value of c, abc'), '•••, value of c, abc');
    secrets.mask(['value of c', 'abc']);
    assert.equal(secrets.redactor.text('value of a, value of c, abc'), '•••, •••, abc');
  });

  it('masks what the client sent from the beginning', () => {
    const { redactor } = secretsOf({}, { given: { PIN: '918273' } });
    assert.equal(redactor.text('it is 918273'), 'it is •••');
  });

  it('knows only what is declared', async () => {
    await assert.rejects(secretsOf({}).fetch(['X'], never), (error: unknown) => {
      assert(error instanceof HandrailError);
      assert.equal(error.code, 'secret');
      assert.match(error.message, /^secret X is not declared\. Add it below `secrets` in the front matter/);
      return true;
    });
  });

  it('rejects with the reason of a signal that is aborted', async () => {
    const reason = new Error('cancelled');
    await assert.rejects(secretsOf({ X: 'env:A' }).fetch(['X'], AbortSignal.abort(reason)), reason);
  });

  const check = (what: string, value: string, reason: string, words: RegExp): unknown =>
    it(`refuses ${what}`, () =>
      refuses('env:A', { env: { A: value } }, reason, words, value.length > 1 ? [value] : []));

  check('what is empty', '', 'tooShort', /it is empty\. Store a longer one/);
  check('what is too short', 'ab€', 'tooShort', /fewer than 4 characters, too short to be masked safely/);
  check('what is too short but for white space', '\nqz7  \n', 'tooShort', /fewer than 4/);
  check('what holds a NUL', 'abc\0defgh', 'binary', /it is binary: it holds a NUL byte\. .*base64/);
  check(
    'what is too long',
    'long'.repeat(16_385),
    'tooLong',
    /longer than 64 KiB\. Let the cell read a file/,
  );

  it('refuses what is not there', () =>
    refuses('env:A', {}, 'missing', /there is no variable A\. Set A in the terminal/));

  it('takes what the editor sent, by either name', async () => {
    const secrets = secretsOf({ X: 'editor:db' }, { given: { X: 'by name' } });
    assert.equal((await secrets.fetch(['X'], never)).get('X'), 'by name');
    const others = secretsOf({ X: 'editor:db' }, { given: { db: 'by place' } });
    assert.equal((await others.fetch(['X'], never)).get('X'), 'by place');
  });

  it('says that only the editor has it', () =>
    refuses(
      'editor:db',
      {},
      'missing',
      /only the editor has it, and it was not sent along\. Run it from VS Code/,
    ));
});
