import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseOutputFile } from '../../../../agent/engine/step/outputFile';
import { sayReason } from '../../../../agent/protocol/words';
import { runFixture, says } from '../run/runFixture';
import type { RunFixture } from '../run/runFixture';
import { cells } from '../sampleRequest';

describe('what $HANDRAIL_OUTPUT takes', () => {
  const read: readonly [text: string, variables: Record<string, string>][] = [
    ['', {}],
    ['A=1\n', { A: '1' }],
    ['A=1', { A: '1' }],
    ['\n\nA=1\r\nB= x = y \n', { A: '1', B: ' x = y ' }],
    ['A=\n', { A: '' }],
    ['A=1\nA=2\n', { A: '2' }],
    ['A<<EOF\none\ntwo\nEOF\nB=1\n', { A: 'one\ntwo', B: '1' }],
    ['A<<EOF\nEOF\n', { A: '' }],
    ['A<<END OF IT\nB=2\n\nEND OF IT\n', { A: 'B=2\n' }],
    ['A=x<<EOF\n', { A: 'x<<EOF' }],
    ['ä_is_no_name'.slice(1) + '=ü\n', { _is_no_name: 'ü' }],
  ];
  for (const [text, variables] of read) {
    it(`reads ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseOutputFile(Buffer.from(text)), { variables: new Map(Object.entries(variables)) });
    });
  }

  const refused: readonly [text: string | Uint8Array, error: RegExp][] = [
    ['hello\n', /^line 1: `hello` is neither NAME=value nor NAME<<EOF/],
    ['A=1\n\n1B=2\n', /^line 3: `1B`/],
    ['a-b=2\n', /^line 1: `a-b`/],
    ['=2\n', /^line 1: ``/],
    ['PATH=/evil\n', /^line 1: `PATH`/],
    ['LD_PRELOAD=x\n', /^line 1: `LD_PRELOAD`/],
    ['HANDRAIL_RUN=x\n', /^line 1: `HANDRAIL_RUN`/],
    ['A<<EOF\none\n', /^line 1: the text of A does not end: no line is EOF/],
    ['A<<\none\n', /^line 1: A<< does not say how/],
    [`A=${'x'.repeat(70_000)}\n`, /^line 1: A is longer than 64 KiB.*output=A/],
    ['x'.repeat(2 << 20), /longer than 1024 KiB/],
    [Uint8Array.of(65, 61, 0, 10), /not text/],
    [Uint8Array.of(65, 61, 0xff, 10), /not text/],
  ];
  for (const [text, error] of refused) {
    it(`refuses ${JSON.stringify(String(text).slice(0, 30))}`, () => {
      assert.match(parseOutputFile(Buffer.from(text)).error ?? '', error);
    });
  }
});

describe('a step that gives variables', () => {
  let all: RunFixture;

  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  it('gives its stdout, without the last line ends, and in a file', async () => {
    const text = cells({ 'a output=GREETING': 'print hello\nprint world\nprint', b: 'var GREETING' });
    const ended = await all.run(text, { attended: true });
    assert.equal(all.output(ended, 1), 'hello\nworld\n');
    const path = all.sessions.opened[0]?.env.get('GREETING_FILE') ?? '';
    assert.equal(readFileSync(path, 'utf8'), 'hello\nworld\n\n');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(ended.steps[0]?.outputs?.['GREETING'], 'hello\nworld');
    assert.deepEqual([ended.steps[0].tty, ended.steps[1]?.tty], [false, true]);
  });

  it('gives what it wrote into $HANDRAIL_OUTPUT, which does not stay', async () => {
    const text = cells({ a: 'out TAG=v7\nout NOTE<<X\nout one\nout two\nout X', b: 'var TAG\nvar NOTE' });
    const ended = await all.run(text);
    assert.equal(all.output(ended, 1), 'v7\none\ntwo\n');
    assert.deepEqual(ended.steps[0]?.outputs, { TAG: 'v7', NOTE: 'one\ntwo' });
    const path = all.sessions.opened[0]?.ran[0]?.env['HANDRAIL_OUTPUT'] ?? assert.fail();
    assert.ok(path.startsWith(join(all.sessions.opened[0]?.folder ?? assert.fail(), 'output-')));
    assert.ok(!existsSync(path));
  });

  it('gives nothing where it failed', async () => {
    const text = cells({ 'a output=X on-error=continue': 'print 1\nout Y=2\nexit 3', b: 'var X\nvar Y' });
    const ended = await all.run(text);
    assert.equal(all.output(ended, 1), 'unset\nunset\n');
    assert.equal(ended.steps[0]?.outputs, undefined);
  });

  it('gives what the last attempt gave', async () => {
    const text = cells({ 'a output=X retries=2': 'print again\nout N=1\nexit-until 1 9' });
    const ended = await all.run(text);
    assert.deepEqual(ended.steps[0]?.outputs, {
      X: 'again',
      X_FILE: join(all.path, 'data', 'states', ended.id, 'stdout-0'),
      N: '1',
    });
  });

  it('fails where what it wrote makes no sense, with line and reason', async () => {
    const ended = await all.run(cells({ a: 'out A=1\nout oops', b: '' }));
    assert.equal(says(ended), 'failed a:failed b:not-run');
    assert.match(ended.steps[0]?.message ?? '', /\$HANDRAIL_OUTPUT.*line 2: `oops`/);
    const [step] = ended.steps;
    assert.deepEqual([step?.reason, step?.exit, step && sayReason(step)], [undefined, undefined, 'failed']);
    assert.equal(all.sessions.opened[0]?.env.get('A'), undefined);
  });

  it('gives a long output as a file only, and cuts what is recorded', async () => {
    const long = 'x'.repeat(70_000);
    const text = cells({ 'a output=LONG': `print ${long}`, 'b output=SHORT': `print ${'y'.repeat(5000)}` });
    const ended = await all.run(text);
    const env = all.sessions.opened[0]?.env ?? assert.fail();
    assert.equal(env.get('LONG'), undefined);
    assert.equal(readFileSync(env.get('LONG_FILE') ?? '', 'utf8'), `${long}\n`);
    assert.match(ended.steps[0]?.message ?? '', /LONG is not set: .*70001 bytes.*\$LONG_FILE/);
    assert.equal(env.get('SHORT')?.length, 5000);
    assert.equal(ended.steps[1]?.outputs?.['SHORT'], `${'y'.repeat(4096)}…`);
  });
});
