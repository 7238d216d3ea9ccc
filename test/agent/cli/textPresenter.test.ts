import * as assert from 'node:assert/strict';
import { createTextPresenter } from '../../../agent/cli/present/textPresenter';
import type { RunState, StepRecord } from '../../../agent/protocol/runs';
import { PaperTerminal, RecordedRun } from './recordedRun';

const style = { quiet: false, verbose: false, cwd: '/repo', recorded: true };
const plain = { NO_COLOR: '1', LANG: 'en_US.UTF-8' };

/** The story of the design's example. */
function failAtSecond(terminal: PaperTerminal, over: Partial<typeof style> = {}): void {
  const run = new RecordedRun(createTextPresenter(terminal, { ...style, ...over }), [
    'find-pods',
    'restart',
    'smoke',
  ]);
  run.begin(0).print(0, 'stdout', 'NAME\napi-6d4f\n').end(0, { state: 'passed' });
  run.begin(1).print(1, 'stderr', 'deploy.sh: no such release: api-2\n');
  run.end(1, { state: 'failed', exit: 7, failedLine: 41 });
  run.step(2, { state: 'not-run' }).finish('failed');
}

describe('text presenter', () => {
  it('reads as the design shows it', () => {
    const terminal = new PaperTerminal({ tty: true, env: plain });
    failAtSecond(terminal);
    assert.equal(
      terminal.all,
      `restart-api · 3 steps · local

▸ find-pods
NAME
api-6d4f
✓ find-pods  0.4 s

▸ restart
deploy.sh: no such release: api-2
✗ restart  0.4 s  exit 7   docs/restart-api.md:41

2 of 3 steps run · resume: handrail resume 8f3a
`,
    );
  });

  it('keeps a cell’s stdout on stdout and everything else on stderr', () => {
    const terminal = new PaperTerminal({ env: plain });
    failAtSecond(terminal);
    assert.equal(terminal.stdout.text, 'NAME\napi-6d4f\n');
    assert.match(terminal.stderr.text, /no such release[^]*exit 7/);
  });

  it('names a step once, whatever it waits for before it begins', () => {
    const terminal = new PaperTerminal({ env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['login']);
    run.begin(0).step(0, { message: 'fetching secret TOKEN' });
    run.step(0, { message: undefined }).end(0, { state: 'passed' });
    assert.match(terminal.all, /^▸ login\n {2}fetching secret TOKEN\n✓ login {2}0\.4 s\n$/m);
    assert.equal(terminal.all.split('▸ login').length, 2);
  });

  it('prints only the list of steps when quiet', () => {
    const terminal = new PaperTerminal({ env: plain });
    failAtSecond(terminal, { quiet: true });
    assert.equal(terminal.all, '✓ find-pods  0.4 s\n✗ restart  0.4 s  exit 7   docs/restart-api.md:41\n');
  });

  it('does without Unicode where the locale has none', () => {
    const terminal = new PaperTerminal({ env: { NO_COLOR: '1', LANG: 'C' } });
    failAtSecond(terminal);
    assert.doesNotMatch(terminal.all, /[^\n -~]/);
    assert.match(terminal.all, /^> find-pods$/m);
    assert.match(terminal.all, /^FAILED restart {2}0\.4 s {2}exit 7/m);
  });

  it('puts the place on a line of its own in a narrow terminal', () => {
    const terminal = new PaperTerminal({ tty: true, env: plain, columns: 40 });
    failAtSecond(terminal);
    assert.match(terminal.all, /^✗ restart {2}0\.4 s {2}exit 7\n {2}docs\/restart-api\.md:41$/m);
  });

  it('colours marks in a terminal and nowhere else', () => {
    const [tty, pipe] = [true, false].map(tty => new PaperTerminal({ tty, env: { LANG: 'C.UTF-8' } }));
    for (const terminal of [tty, pipe]) failAtSecond(terminal as PaperTerminal);
    assert.match(tty?.all ?? '', /\u001b\[32m✓\u001b\[0m find-pods/);
    assert.doesNotMatch(pipe?.all ?? '', /\u001b/);
  });

  it('begins a line of its own after output that ended in mid-line', () => {
    const terminal = new PaperTerminal({ tty: true, env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['ask']);
    run.begin(0).print(0, 'stdout', 'no newline').end(0, { state: 'passed' });
    assert.match(terminal.all, /no newline\n✓ ask/);
    assert.equal(terminal.stdout.text, 'no newline');
  });

  it('tells of a step once, whatever is repeated', () => {
    const terminal = new PaperTerminal({ env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['one']);
    run.begin(0).begin(0).end(0, { state: 'passed' }).end(0, { state: 'passed' });
    assert.equal(terminal.all.match(/one/g)?.length, 2);
  });

  it('says why a step ended', () => {
    const rows: [Parameters<RecordedRun['end']>[1], RegExp][] = [
      [{ state: 'failed', reason: 'timeout' }, /✗ one {2}0\.4 s {2}timed out {3}docs/],
      [{ state: 'failed', reason: 'signal', signal: 'SIGKILL' }, /✗ one {2}0\.4 s {2}ended by SIGKILL/],
      [{ state: 'cancelled', reason: 'cancel' }, /✗ one {2}0\.4 s {2}cancelled\n/],
      [{ state: 'skipped', reason: 'satisfied' }, /○ one {2}skipped \(satisfied\)\n/],
      [{ state: 'skipped', reason: 'guard' }, /○ one {2}skipped\n/],
      [{ state: 'interrupted', reason: 'interrupted' }, /✗ one {2}at least 0\.4 s {2}interrupted/],
      [
        { state: 'failed', reason: 'error', message: 'fish is not installed' },
        /could not run[^]*\n {2}fish is not/,
      ],
    ];
    for (const [change, expected] of rows) {
      const terminal = new PaperTerminal({ env: plain });
      new RecordedRun(createTextPresenter(terminal, style), ['one']).begin(0).end(0, change);
      assert.match(terminal.all, expected);
    }
  });

  describe('ends with', () => {
    const passed = { state: 'passed' } as const;
    const failed = { state: 'failed', exit: 1 } as const;
    const skipped = { state: 'skipped', reason: 'guard' } as const;
    const last = 'resume: handrail resume 8f3a';
    const rows: [RunState, Partial<StepRecord>[], string][] = [
      ['passed', [passed, passed], '2 of 2 steps run · 1 s'],
      ['passed', [passed, skipped], '1 passed · 1 skipped · 1 s'],
      ['failed', [passed, failed, { state: 'not-run' }], `2 of 3 steps run · ${last}`],
      ['failed', [failed, failed, passed], `1 passed · 2 failed (s0, s1) · ${last}`],
      ['failed', [skipped, failed, { state: 'not-run' }], `1 failed (s1) · 1 skipped · 1 not run · ${last}`],
      ['failed', Array<typeof failed>(7).fill(failed), `7 failed (s0, s1, s2, s3, s4, …) · ${last}`],
      ['cancelled', [skipped, { state: 'cancelled' }], `cancelled at step 2 of 2 · ${last}`],
    ];
    for (const [state, changes, expected] of rows) {
      it(expected, () => {
        const terminal = new PaperTerminal({ env: plain });
        const names = changes.map((_, at) => `s${at}`);
        const run = new RecordedRun(createTextPresenter(terminal, style), names);
        changes.forEach((change, at) => {
          if (change.state === 'not-run' || change.state === 'skipped') run.step(at, change);
          else run.begin(at).end(at, change);
        });
        run.finish(state);
        assert.equal(terminal.all.trimEnd().split('\n').at(-1), expected);
      });
    }
  });

  it('says what an attempt came to and when the next one begins, once', () => {
    const terminal = new PaperTerminal({ env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['one']);
    const message = 'attempt 1 of 3: exit 1, again in 0.1 s';
    run.begin(0).step(0, { message }).step(0, { message }).step(0, { message: undefined, attempt: 2 });
    assert.match(terminal.all, /▸ one\n {2}attempt 1 of 3: exit 1, again in 0\.1 s\n\n▸ one {2}attempt 2\n$/);
  });

  it('says what a step waits for, each thing once', () => {
    const terminal = new PaperTerminal({ env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['one']);
    const message = 'waits for lock db, held by run 8f3a';
    run.step(0, { message }).step(0, { message }).step(0, { message: undefined }).begin(0);
    assert.equal(terminal.all.split(message).length, 2);
    assert.match(terminal.all, /\n○ one {2}waits for lock db, held by run 8f3a\n\n▸ one\n$/);
  });

  it('tells where the output is, where there is some', () => {
    const terminal = new PaperTerminal({ env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['one']);
    run.begin(0).end(0, { state: 'failed', exit: 1, outputBytes: 5 }).finish('failed');
    assert.match(terminal.all, /resume: handrail resume 8f3a · output: handrail show 8f3a\n$/);
  });

  it('lets no name steer the terminal', () => {
    const terminal = new PaperTerminal({ env: plain });
    const run = new RecordedRun(createTextPresenter(terminal, style), ['a\u001b]0;owned\u0007\nb\u202ec']);
    run.begin(0).end(0, { state: 'passed' });
    assert.doesNotMatch(terminal.all, /[\u001b\u0007\u202e]/);
  });
});
