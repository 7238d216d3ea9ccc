import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { planView } from '../../../../agent/engine/plan/planView';
import type { RunRequest } from '../../../../agent/engine/types';
import { HandrailError } from '../../../../agent/protocol/errors';
import type { ErrorName } from '../../../../agent/protocol/errors';
import { runFixture, says, silent, stepThat } from './runFixture';
import type { RunFixture } from './runFixture';
import { cells } from '../sampleRequest';

describe('a run that goes on from another', () => {
  let all: RunFixture;
  beforeEach(async () => (all = await runFixture()));
  afterEach(() => all[Symbol.asyncDispose]());

  const continues = (run: string, how: 'resume' | 'rerun' | 'rollback'): Partial<RunRequest> => ({
    continues: { run, how },
  });
  const steps = { a: 'out X=1', b: 'var X\nexit 1', c: 'print c' };
  const mended = { ...steps, b: 'var X' };

  it('resumes from the failed step with the state of that moment', async () => {
    const first = await all.run(cells(steps));
    const second = await all.run(cells(mended), continues(first.id, 'resume'));
    assert.equal(says(second), 'passed a:skipped b:passed c:passed');
    assert.deepEqual(
      [second.steps[0]?.reason, second.steps[0]?.message],
      ['satisfied', `passed in run ${first.id.slice(0, 4)}`],
    );
    assert.equal(all.output(second, 1), '1\n');
    assert.deepEqual(second.continues, { run: first.id, how: 'resume' });
  });

  it('goes on where it was asked to run, and not where it was not', async () => {
    const text = cells({ 'a target=container:one': '', b: '', 'c target=container:two': '' });
    const target = 'container:web';
    const first = await all.run(text, { target, targetOf: [0] });
    const where = ({ steps }: typeof first) => steps.map(step => step.target);
    assert.deepEqual(where(first), [target, target, 'container:two']);
    assert.deepEqual([first.target, first.targetWins], [target, true]);
    const again = await all.run(text, continues(first.id, 'rerun'));
    assert.deepEqual([where(again), again.targetWins], [where(first), true]);
    const elsewhere = await all.run(text, { ...continues(first.id, 'rerun'), target: 'image:a' });
    assert.deepEqual(where(elsewhere), ['container:one', 'image:a', 'container:two']);
  });

  it('is shown as it would go on', async () => {
    const first = await all.run(cells(steps));
    const plan = all.runs.plan(all.request(cells(mended), continues(first.id, 'resume')));
    assert.deepEqual(
      planView(plan).steps.map(({ name, carried }) => [name, carried]),
      [
        ['a', `passed in run ${first.id.slice(0, 4)}`],
        ['b', undefined],
        ['c', undefined],
      ],
    );
  });

  it('resumes what was resumed, and what was cancelled', async () => {
    const first = await all.run(cells(steps));
    const active = all.start(cells({ ...mended, c: 'hang' }), continues(first.id, 'resume'));
    await stepThat(active, 'c', ({ state }) => state === 'running');
    active.cancel();
    const second = await active.ended;
    const third = await all.run(cells(mended), continues(second.id, 'resume'));
    assert.equal(says(third), 'passed a:skipped b:skipped c:passed');
  });

  it('keeps the state where a resumed run fails before its step begins', async () => {
    const first = await all.run(cells(steps));
    const { b, ...rest } = mended;
    const broken = { ...rest, 'b cwd=nowhere': b };
    const text = cells({ a: rest.a, 'b cwd=nowhere': broken['b cwd=nowhere'], c: rest.c });
    const second = await all.run(text, continues(first.id, 'resume'));
    assert.equal(says(second), 'failed a:skipped b:failed c:not-run');
    const third = await all.run(cells(mended), continues(second.id, 'resume'));
    assert.equal(all.output(third, 1), '1\n');
  });

  describe('where the identity has changed that the earlier run was held to', () => {
    const kube = (context: string) => [{ kind: 'kube', label: context, values: { context }, held: true }];
    const texts = { a: 'kubectl get pods', b: 'exit 1', c: 'kubectl delete pod x' };
    const better = cells({ ...texts, b: '' });
    let now = 'staging';
    let held: RunFixture;
    beforeEach(async () => {
      now = 'staging';
      held = await runFixture({ world: { identity: () => kube(now) } });
    });
    afterEach(() => held[Symbol.asyncDispose]());

    it('asks before it goes on there, by the name of its first step', async () => {
      const first = await held.run(cells(texts));
      now = 'prod-eu';
      const resume = continues(first.id, 'resume');
      for (const approved of [[], ['*'], ['c']])
        assert.throws(
          () => held.start(better, { ...resume, approved }),
          (error: unknown) => {
            assert.ok(error instanceof HandrailError && error.code === 'needsAnswer');
            const [asked, ...others] = (error.details as { confirm: { name: string; text: string }[] })
              .confirm;
            assert.deepEqual([asked?.name, others], ['b', []]);
            assert.match(
              asked?.text ?? '',
              /^Since run ...., kube has changed: it was staging and is prod-eu\. /,
            );
            return true;
          },
        );
      assert.equal(held.sessions.texts().includes('kubectl delete pod x'), false);
      const second = await held.run(better, { ...resume, approved: ['b'] });
      assert.equal(says(second), 'passed a:skipped b:passed c:passed');
      // From there on it is held to that.
      const third = await held.run(cells(texts), continues(second.id, 'rerun'));
      assert.equal(says(third), 'failed a:passed b:failed c:not-run');
    });

    it('asks nothing where it is back, or where all is run again', async () => {
      const first = await held.run(cells(texts));
      now = 'prod-eu';
      assert.equal((await held.run(cells(texts), continues(first.id, 'rerun'))).state, 'failed');
      now = 'staging';
      assert.equal((await held.run(better, continues(first.id, 'resume'))).state, 'passed');
    });

    it('asks before it undoes there', async () => {
      const text = cells({ 'a rollback=u': 'kubectl scale', 'u exclude': 'kubectl scale back', b: 'exit 1' });
      const first = await held.run(text);
      now = 'prod-eu';
      const undo = continues(first.id, 'rollback');
      assert.throws(() => held.start(text, { ...undo, approved: ['*'] }), isError('needsAnswer'));
      assert.equal(says(await held.run(text, { ...undo, approved: ['u'] })), 'passed u:passed');
    });
  });

  it('starts again what went on in the background, and asks again before', async () => {
    const texts = { 'a background confirm': 'hang', b: 'exit 1' };
    const first = await all.run(cells(texts), { approved: ['*'] });
    assert.equal(says(first), 'failed a:passed b:failed');
    const again = cells({ ...texts, b: '' });
    const resume = continues(first.id, 'resume');
    assert.throws(() => all.start(again, resume), isError('needsAnswer'));
    assert.equal(says(await all.run(again, { ...resume, approved: ['*'] })), 'passed a:passed b:passed');
  });

  it('asks no approval for a cell of another runbook that it does not run again', async () => {
    const world = {
      readFile: () => cells({ 'n confirm': 'print n', 'm confirm needs=n': 'print m\nexit 1' }),
    };
    await using others = await runFixture({ world });
    const texts = (b: string): string =>
      cells({ 'a needs=sub/need.md#n': 'print a', 'b needs=a': b, 'c needs=sub/need.md#m': '' });
    const first = await others.run(texts('exit 1'), { approved: ['*'] });
    assert.equal(says(first), 'failed n:passed a:passed b:failed m:not-run c:not-run');
    const resume = continues(first.id, 'resume');
    // Without the state of then all that passed is in the plan again.
    for (const { index } of first.steps)
      rmSync(others.store.statePath(first.id, index), { force: true, recursive: true });
    assert.throws(
      () => others.start(texts(''), resume),
      (error: HandrailError) => error.message === 'Needs approval: sub/need.md#m',
    );
    const second = await others.run(texts(''), { ...resume, approved: ['sub/need.md#m'] });
    assert.equal(says(second), 'failed n:skipped a:skipped b:passed m:failed c:not-run');
  });

  it('runs what came into the runbook since, shows it, and says so', async () => {
    const first = await all.run(cells(steps));
    const found: string[] = [];
    const observer = {
      ...silent,
      planned: (warnings: readonly { message: string }[]) =>
        void found.push(...warnings.map(({ message }) => message)),
    };
    const text = cells({ a: steps.a, b: 'var X', 'd name=d': 'print d', c: steps.c, 'x exclude': 'print x' });
    const plan = all.runs.plan(all.request(text, continues(first.id, 'resume')));
    assert.deepEqual(
      planView(plan).steps.map(({ name, carried }) => [name, carried !== undefined]),
      [
        ['a', true],
        ['b', false],
        ['d', false],
        ['c', false],
      ],
    );
    const second = await all.runs.start(all.request(text, continues(first.id, 'resume')), observer).ended;
    assert.equal(says(second), 'passed a:skipped b:passed d:passed c:passed');
    const added = found.filter(message => message.includes('no step of run'));
    assert.deepEqual(added, [`d was no step of run ${first.id.slice(0, 4)}. It is run now, in its place`]);
  });

  it('runs what was put between cells that passed, before what failed', async () => {
    const first = await all.run(cells(steps));
    const text = cells({ 'z name=z': 'out X=2', ...mended });
    const second = await all.run(text, continues(first.id, 'resume'));
    assert.equal(says(second), 'passed z:passed a:skipped b:passed c:passed');
    assert.equal(all.output(second, 2), '2\n');
  });

  it('runs no more of what was chosen from a runbook', async () => {
    const chosen: Partial<RunRequest> = { selection: { kind: 'cells', indexes: [0, 1] } };
    const first = await all.run(cells(steps), chosen);
    const text = cells({ a: steps.a, 'z name=z': 'print z', b: 'var X', c: steps.c });
    const second = await all.run(text, continues(first.id, 'resume'));
    assert.equal(says(second), 'passed a:skipped b:passed');
  });

  it('warns, once, where a state cannot be saved', async () => {
    const active = all.start(cells({ a: '', b: '' }));
    const full = Object.assign(new Error('ENOSPC: no space left on device'), { syscall: 'write' });
    const [session] = all.sessions.opened;
    assert.ok(session);
    session.save = () => {
      throw full;
    };
    const ended = await active.ended;
    assert.equal(says(ended), 'passed a:passed b:passed');
    assert.match(ended.message ?? '', /^warning: .* could not be saved: ENOSPC[^\n]*$/);
  });

  it('finds by a unique prefix, and what variables siblings of a group gave', async () => {
    const texts = { 'a parallel=g': 'out X=7', 'b parallel=g': 'exit 1' };
    const first = await all.run(cells(texts));
    const again = { ...texts, 'b parallel=g': 'var X' };
    const second = await all.run(cells(again), continues(first.id.slice(0, 8), 'resume'));
    assert.equal(says(second), 'passed a:skipped b:passed');
    assert.equal(all.output(second, 1), '7\n');
  });

  it('says which cells have changed since, and runs none of them again that passed', async () => {
    const first = await all.run(cells(steps));
    const warnings: string[] = [];
    const observer = {
      ...silent,
      planned: (found: readonly { message: string }[]) =>
        void warnings.push(...found.map(({ message }) => message)),
    };
    const text = cells({ ...mended, a: 'out X=2' });
    const second = await all.runs.start(all.request(text, continues(first.id, 'resume')), observer).ended;
    assert.equal(says(second), 'passed a:skipped b:passed c:passed');
    assert.equal(all.output(second, 1), '1\n');
    const short = first.id.slice(0, 4);
    assert.deepEqual(warnings, [
      `a has changed since run ${short}. It passed then and is not run again`,
      `b has changed since run ${short}. It runs as it is now`,
    ]);
  });

  it('begins with what the session has where its state is gone, and says so', async () => {
    const first = await all.run(cells(steps));
    rmSync(all.store.statePath(first.id, 1));
    const warnings: string[] = [];
    const observer = {
      ...silent,
      planned: (found: readonly { message: string }[]) =>
        void warnings.push(...found.map(({ message }) => message)),
    };
    const second = await all.runs.start(all.request(cells(mended), continues(first.id, 'resume')), observer)
      .ended;
    assert.equal(second.state, 'passed');
    assert.equal(all.output(second, 1), 'unset\n');
    assert.match(warnings.join('\n'), /state of run .* is not kept any more/);
  });

  it('fails with words where its state is damaged', async () => {
    const first = await all.run(cells(steps));
    writeFileSync(all.store.statePath(first.id, 1), '{damaged');
    const second = await all.run(cells(mended), continues(first.id, 'resume'));
    assert.equal(says(second), 'failed a:skipped b:not-run c:not-run');
    assert.match(second.message ?? '', /could not be restored/);
  });

  it('runs all its cells again with its inputs', async () => {
    const text = '---\ninputs: {NAME: string}\n---\n' + cells({ a: 'var NAME', b: '' });
    const one: Partial<RunRequest> = { selection: { kind: 'cells', indexes: [0] } };
    const first = await all.run(text, { ...one, inputs: { NAME: 'ana' } });
    const second = await all.run(text, continues(first.id, 'rerun'));
    assert.deepEqual([says(second), second.inputs], ['passed a:passed', { NAME: 'ana' }]);
    assert.equal(all.output(second, 0), 'ana\n');
    const third = await all.run(text, { ...continues(first.id, 'rerun'), inputs: { NAME: 'eve' } });
    assert.equal(all.output(third, 0), 'eve\n');
  });

  it('asks again for a secret input', async () => {
    const text = '---\ninputs: {PW: {type: secret}}\n---\n' + cells({ a: '# $PW\nexit 1' });
    const first = await all.run(text, { inputs: { PW: 'my-own-word' } });
    assert.throws(() => all.start(text, continues(first.id, 'rerun')), isError('needsAnswer'));
  });

  it('undoes what an earlier run has done, in reverse order, with its last state', async () => {
    const texts = { 'a rollback=u': 'out X=1', 'b rollback=v': '', c: 'exit 1', u: 'var X', v: '' };
    const first = await all.run(cells(texts));
    const second = await all.run(cells(texts), continues(first.id, 'rollback'));
    assert.equal(says(second), 'passed v:passed u:passed');
    assert.equal(all.output(second, 1), '1\n');
    const good = await all.run(cells({ ...texts, c: '' }));
    const undone = await all.run(cells(texts), continues(good.id, 'rollback'));
    assert.equal(says(undone), 'passed v:passed u:passed');
    assert.equal(all.output(undone, 1), '1\n');
  });

  it('does again what a later run has undone, and undoes nothing twice', async () => {
    const texts = { 'a rollback=u': '', 'b rollback=v': '', c: 'exit 1', u: '', v: '' };
    const first = await all.run(cells(texts));
    const second = await all.run(cells({ ...texts, c: '' }), continues(first.id, 'resume'));
    await all.run(cells(texts), continues(second.id, 'rollback'));
    for (const { id } of [first, second]) {
      await assert.rejects(all.run(cells(texts), continues(id, 'rollback')), /has done nothing that a cell/);
    }
    const again = await all.run(cells({ ...texts, c: '' }), continues(first.id, 'resume'));
    assert.match(says(again), /^passed a:passed b:passed c:passed/);
    const undone = await all.run(cells(texts), continues(again.id, 'rollback'));
    assert.equal(says(undone), 'passed v:passed u:passed');
  });

  it('is gone on from once: what was done since is not done twice, whoever asks', async () => {
    const first = await all.run(cells(steps));
    const second = await all.run(cells({ ...mended, c: 'exit 1' }), continues(first.id, 'resume'));
    assert.equal(second.state, 'failed');
    const again = (): unknown => all.start(cells(mended), continues(first.id, 'resume'));
    assert.throws(again, new RegExp(`go on from that one: handrail resume ${second.id}`));
    const third = await all.run(cells(mended), continues(second.id, 'resume'));
    assert.equal(third.state, 'passed');
    assert.throws(
      () => all.start(cells(mended), continues(second.id, 'resume')),
      new RegExp(`by run ${third.id} already: it passed`),
    );
    const undone = cells({ 'a rollback=u': '', u: 'hang', b: 'exit 1' });
    const failed = await all.run(undone);
    const going = all.start(undone, continues(failed.id, 'rollback'));
    await stepThat(going, 'u', ({ state }) => state === 'running');
    assert.throws(() => all.start(undone, continues(failed.id, 'rollback')), /is being gone on from by run/);
    going.cancel();
    await going.ended;
  });

  it('asks for a cell that undoes, though it was approved as a step that is not run again', async () => {
    const texts = { 'a rollback=r': '', 'r confirm': 'print undoing', b: 'exit 1' };
    const selection = { kind: 'cells' as const, indexes: [0, 1, 2] };
    const first = await all.run(cells(texts), { selection, approved: ['r'] });
    assert.match(says(first), /^failed a:passed r:passed b:failed/);
    const undo = continues(first.id, 'rollback');
    assert.throws(() => all.start(cells(texts), undo), isError('needsAnswer'));
    assert.equal(says(await all.run(cells(texts), { ...undo, approved: ['r'] })), 'passed r:passed');
  });

  it('undoes nothing twice, however many runs came since, and whatever the cell is called by now', async () => {
    const named = (undo: string) =>
      cells({ [`a rollback=${undo}`]: '', [`${undo} exclude`]: 'print undoing', b: 'exit 1' });
    const first = await all.run(named('u'));
    const renamed = named('takeback');
    assert.equal((await all.run(renamed, continues(first.id, 'rollback'))).state, 'passed');
    assert.throws(() => all.start(renamed, continues(first.id, 'rollback')), /has done nothing that a cell/);
    assert.throws(
      () => all.start(named('u'), continues(first.id, 'rollback')),
      /has done nothing that a cell/,
    );
  });

  it('undoes what was cut off midway, and what the run did that it went on from', async () => {
    const texts = { 'a rollback=ua': '', 'b rollback=ub': 'hang', ua: '', ub: 'exit 1' };
    const first = all.start(cells(texts));
    await stepThat(first, 'b', ({ state }) => state === 'running');
    first.cancel();
    const { id } = await first.ended;
    const again = all.start(cells(texts), { continues: { run: id, how: 'resume' } });
    await stepThat(again, 'b', ({ state }) => state === 'running');
    again.cancel();
    const second = await again.ended;
    // One that fails does not keep the others from being tried.
    const undone = await all.run(cells(texts), { continues: { run: second.id, how: 'rollback' } });
    assert.equal(says(undone), 'failed ub:failed ua:passed');
  });

  it('says which of the cells that undo have changed since', async () => {
    const text = (undo: string) => cells({ 'a rollback=u': '', 'u exclude': undo, b: 'exit 1' });
    const first = await all.run(text('print one'));
    const warned = (undo: string) =>
      all.runs
        .plan(all.request(text(undo), continues(first.id, 'rollback')))
        .warnings.map(({ message }) => message);
    assert.deepEqual(warned('print one'), []);
    assert.deepEqual(warned('print two'), [
      `u has changed since run ${first.id.slice(0, 4)}. It runs as it is now`,
    ]);
  });

  it('needs no approval for what is not run again', async () => {
    const texts = { 'a confirm': '', b: 'exit 1' };
    const first = await all.run(cells(texts), { approved: ['*'] });
    assert.equal(
      says(await all.run(cells({ ...texts, b: '' }), continues(first.id, 'resume'))),
      'passed a:skipped b:passed',
    );
  });

  it('undoes with no more inputs and secrets than the cells that undo name, and no sound cell besides', async () => {
    const front =
      '---\ninputs: {n: string, m: {type: secret}}\nsecrets: {S: "editor:S", U: "editor:U"}\n---\n';
    const texts = { 'a rollback=u': '', b: '# $n $m $S', c: 'exit 1', u: '# $U' };
    const given = { inputs: { n: '1', m: 'hush' }, secrets: { S: 'shh-shh', U: 'sh-sh-sh' } };
    const first = await all.run(front + cells(texts), given);
    assert.equal(says(first), 'failed a:passed b:failed c:not-run u:skipped');
    const broken = front + cells({ ...texts, b: '# $n <there>', 'd timeout=never': '' });
    const undo = (secrets: Record<string, string>) =>
      all.runs.plan(all.request(broken, { ...continues(first.id, 'rollback'), secrets }));
    assert.deepEqual(
      undo({}).secrets.map(({ name }) => name),
      ['U'],
    );
    const start = () => all.start(broken, continues(first.id, 'rollback'));
    assert.throws(start, error => error instanceof HandrailError && error.message === 'Needs secret: U');
  });

  describe('is refused', () => {
    const refused: readonly (readonly [
      what: string,
      code: ErrorName,
      message: RegExp,
      texts: Record<string, string>,
      again: Record<string, string>,
      how: 'resume' | 'rerun' | 'rollback',
    ])[] = [
      ['where nothing is left to do', 'invalidState', /has no step left/, { a: '' }, { a: '' }, 'resume'],
      [
        'where the failed cell is gone',
        'invalidRunbook',
        /b, where run .* stopped, is not in the runbook any more/,
        steps,
        { a: 'out X=1', z: 'print 1 2 3' },
        'resume',
      ],
      ['where nothing can be undone', 'invalidState', /undoes/, { a: '' }, { a: '' }, 'rollback'],
    ];
    for (const [what, code, message, texts, again, how] of refused) {
      it(what, async () => {
        const first = await all.run(cells(texts));
        assert.throws(() => all.start(cells(again), continues(first.id, how)), isError(code, message));
      });
    }

    it('where there is no such run, or it is still going', async () => {
      assert.throws(() => all.start(cells(steps), continues('nope', 'resume')), isError('notFound'));
      const active = all.start(cells({ a: 'hang' }));
      assert.throws(
        () => all.start(cells(steps), continues(active.record.id, 'resume')),
        isError('invalidState'),
      );
      active.cancel();
      await active.ended;
    });
  });
});

function isError(code: ErrorName, message = /./): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof HandrailError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}
