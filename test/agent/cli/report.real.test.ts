import * as assert from 'node:assert/strict';
import { Place, runbook } from './handrail';

const files = { 'a.md': runbook({ good: 'echo fine', bad: 'echo "it broke" >&2; exit 5', last: 'true' }) };

describe('handrail report', () => {
  it('writes every format to stdout or into a file', async () => {
    await using place = await Place.make(files);
    assert.equal((await place.run(['run', 'a.md'])).code, 1);

    const printed = await place.run(['report', 'last']);
    assert.equal(printed.code, 0);
    assert.match(printed.stdout, /^# A runbook: failed at bad: exit 5\n/);
    assert.match(printed.stdout, /it broke/);

    for (const format of ['html', 'json', 'junit']) {
      const { code, stdout } = await place.run(['report', 'last', '--format', format, '-o', `out.${format}`]);
      assert.deepEqual([code, stdout], [0, '']);
      assert.match(await place.read(`out.${format}`), /it broke/);
    }
  });

  it('annotates for GitHub and adds to the summary of the job', async () => {
    await using place = await Place.make({ ...files, 'summary.md': 'before\n' });
    await place.run(['run', 'a.md']);
    const env = { GITHUB_WORKSPACE: place.path, GITHUB_STEP_SUMMARY: `${place.path}/summary.md` };
    const { stdout } = await place.run(['report', 'last', '--format', 'github'], { env });
    assert.match(stdout, /^::error file=a\.md,line=\d+,title=A runbook%3A bad failed::exit 5%0Ait broke\n$/);
    assert.match(await place.read('summary.md'), /^before\n# A runbook: failed/);
  });

  it('is written at the end of a run, whatever came of it', async () => {
    await using place = await Place.make(files);
    const wanted = ['--report', 'junit=out.xml', '--report', 'md=out.md'];
    assert.equal((await place.run(['run', 'a.md', ...wanted])).code, 1);
    assert.match(await place.read('out.xml'), /<testcase name="bad"[^]*it broke/);
    assert.match(await place.read('out.md'), /^# A runbook: failed at bad/);
  });

  it('is refused before anything runs where it makes no sense', async () => {
    await using place = await Place.make(files);
    for (const args of [
      ['--report', 'pdf=x'],
      ['--report', 'md=x', '--detach'],
      ['--report', 'md=not/there.md'],
      ['--report', 'md=.'],
    ]) {
      const { code, stdout, stderr } = await place.run(['run', 'a.md', ...args]);
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(
        stderr,
        /no report format pdf|handrail report RUN|cannot be written: (the folder .*not is not there|.* is a folder)/,
      );
    }
  });

  const wrong: readonly (readonly [args: readonly string[], said: RegExp])[] = [
    [['report', 'nope'], /no such run|No run/i],
    [['report', 'last', '-o', 'not/there.md'], /the folder .*not is not there\. Make it first/],
    [['report', 'last', '-o', '.'], /is a folder\. Name a file in it/],
    [['report', 'last', '--format', 'pdf'], /markdown, .*html/],
  ];
  it('says what is wrong with a call and what to do', async () => {
    await using place = await Place.make(files);
    await place.run(['run', 'a.md']);
    for (const [args, said] of wrong) {
      const { code, stderr } = await place.run(args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stderr, said);
    }
  });
});
