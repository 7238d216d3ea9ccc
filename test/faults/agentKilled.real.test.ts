import * as assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getRun, startRun } from '../../agent/protocol/runs';
import { listSessions } from '../../agent/protocol/sessions';
import { Place, runbook } from '../agent/cli/handrail';
import { runOf } from '../support/realAgent';
import { waitFor } from '../support/waitFor';
import { agentOf, connect, detach, holds, killHard, nothingLeft, printed, shown, states } from './scene';

describe('fault 1: the agent is killed', function () {
  this.timeout(40_000);

  it('while idle: what a session had left running ends, the next agent has the history and a new session', async () => {
    await using place = await Place.make();
    const request = runOf(
      '```bash {name=one}\nx=1; setsid sleep 1000 & sleep 1001 & echo\n```\n',
      place.path,
    );
    const kept = { ...request, session: 'kept' } as const;
    kept.environment.env = { ...kept.environment.env, ...place.env };
    const first = await connect(place);
    const { run } = await first.request(startRun, kept);
    await waitFor(
      'its end',
      async () => (await first.request(getRun, { run: run.id })).run.state === 'passed',
    );
    await killHard(first.agent.pid);
    await nothingLeft(place);
    const second = await connect(place);
    assert.equal((await second.request(getRun, { run: run.id })).run.state, 'passed');
    assert.deepEqual((await second.request(listSessions, {})).sessions, []);
    second.dispose();
  });

  it('during steps, one of them in the background and two at the same time: all are interrupted and gone', async () => {
    await using place = await Place.make({
      'a.md': runbook({
        first: 'x=7; export y=\'a b\'; f() { echo "f $x $y"; }; echo first',
        'web background': "trap '' TERM; echo up; while :; do sleep 0.1; done",
        'left parallel=p': 'echo left; setsid sleep 1000 & (sleep 1001 &); sleep 1002',
        'right parallel=p': 'echo right >&2; [ -e ok ] || exec sleep 1003',
        last: 'f; echo last',
      }),
    });
    const run = await detach(place, 'a.md');
    const texts = ['first\n', 'up\n', 'left\n', 'right\n'];
    const hasAll = async () => {
      const output = await printed(place, run);
      return texts.every(text => output.includes(text));
    };
    await waitFor('all to have printed', hasAll);
    await killHard(await agentOf(place));
    await nothingLeft(place);
    const interrupted = await shown(place, run);
    assert.equal(interrupted.state, 'interrupted');
    assert.deepEqual(states(interrupted).slice(2), ['left interrupted', 'right interrupted', 'last not-run']);
    assert.equal(interrupted.steps[0]?.state, 'passed');
    assert.notEqual(interrupted.steps[1]?.background, 'running');
    assert.ok(await hasAll(), await printed(place, run));
  });

  it('and resumed: it goes on from the step that was interrupted, with the state of that moment', async () => {
    await using place = await Place.make({
      'a.md': runbook({
        first: 'mkdir -p in; cd in; x=7; export y=\'a b\'; f() { echo "f $x $y"; }; echo first >>../ran',
        second: 'x=8; echo second >>../ran; [ -e ../ok ] || sleep 1000',
        last: 'f; pwd; echo last >>../ran',
      }),
    });
    const run = await detach(place, 'a.md');
    await holds(place, 'ran', 'second');
    await killHard(await agentOf(place));
    await nothingLeft(place);
    await writeFile(join(place.path, 'ok'), '');
    const resumed = await place.run(['resume', 'last']);
    assert.deepEqual([resumed.code, resumed.stdout], [0, `f 8 a b\n${place.path}/in\n`], resumed.stderr);
    assert.equal(await place.read('ran'), 'first\nsecond\nsecond\nlast\n');
    assert.equal((await shown(place)).continues?.run, run);
  });

  it('at any moment between and within short steps: no step is lost, none that passed runs again', async () => {
    const names = Array.from({ length: 40 }, (_, at) => `s${at}`);
    const cells = names.map(name => [name, `n=$((n + 1)); echo ${name} $n >>ran`] as const);
    await using place = await Place.make({ 'a.md': runbook(Object.fromEntries(cells)) });
    for (const moment of ['s3 ', 's11 ', 's20 ']) {
      const connection = await connect(place);
      const run = [...(moment === 's3 ' ? ['run', 'a.md'] : ['resume', 'last']), '--detach'];
      const { code, stderr } = await place.run(run);
      assert.equal(code, 0, stderr);
      await holds(place, 'ran', moment);
      await killHard(connection.agent.pid);
      const { state, steps } = await shown(place);
      assert.equal(state, 'interrupted');
      const at = steps.findIndex(step => step.state !== 'passed' && step.state !== 'skipped');
      const rest = steps.slice(at).map(step => step.state);
      assert.deepEqual(new Set(rest.slice(1)), new Set(['not-run']), rest.join());
    }
    assert.equal((await place.run(['resume', 'last'])).code, 0);
    // One that was interrupted is run again; whatever it did before is its own affair.
    const ran = (await place.read('ran')).trim().split('\n');
    assert.deepEqual(
      [...new Set(ran)],
      names.map((name, at) => `${name} ${at + 1}`),
    );
    assert.ok(ran.length <= names.length + 3, String(ran.length));
  });

  const floods: [what: string, command: string, bytes: number][] = [
    ['the output up to then is whole and in order', 'i=0; while :; do echo $((i += 1)); done', 1e5],
    ['more than is kept, its beginning and end are in order', 'seq 1 inf', 90e6],
  ];
  for (const [what, command, bytes] of floods) {
    it(`while it writes: ${what}, and told as long as it is`, async () => {
      await using place = await Place.make({ 'a.md': runbook({ flood: command }) });
      const connection = await connect(place);
      const run = await detach(place, 'a.md');
      await waitFor('enough output', async () => {
        const { steps } = (await connection.request(getRun, { run })).run;
        return (steps[0]?.outputBytes ?? 0) > bytes;
      });
      await killHard(connection.agent.pid);
      await nothingLeft(place);
      const { state, steps } = await shown(place, run);
      assert.deepEqual([state, steps[0]?.reason], ['interrupted', 'interrupted']);
      const { stdout, stderr } = await place.run(['show', run, '--output']);
      const cut = Number(/^\[(\d+) bytes were not kept\]/m.exec(stderr)?.[1] ?? 0);
      assert.equal(Buffer.byteLength(stdout) + cut, steps[0]?.outputBytes);
      assert.equal(cut > 0, bytes > 64e6);
      // The kill and the cut may be in the middle of a number.
      const numbers = stdout.split('\n').slice(0, -1).map(Number);
      const breaks = numbers.filter((number, at) => at > 0 && number !== (numbers[at - 1] ?? 0) + 1);
      assert.ok(breaks.length <= (cut > 0 ? 2 : 0), breaks.join());
    });
  }

  it('while a step asks and while one holds a lock: the question is gone, the lock is free', async () => {
    await using place = await Place.make({
      'a.md': runbook({ 'deploy lock=shop': 'echo has it >>ran; [ -e ok ] || sleep 1000' }),
      'b.md': runbook({ 'ask confirm=Really?': 'echo no >>ran' }),
    });
    const holder = await detach(place, 'a.md');
    const request = runOf(await place.read('b.md'), place.path);
    const connection = await connect(place);
    const { run } = await connection.request(startRun, { ...request, asks: true });
    const asks = async () => (await connection.request(getRun, { run: run.id })).run.steps[0]?.asks;
    assert.match(await waitFor('the question', asks), /Really/);
    await holds(place, 'ran', 'has it');
    await killHard(connection.agent.pid);
    for (const [id, step] of [
      [holder, 'interrupted'],
      [run.id, 'not-run'],
    ] as const) {
      const { state, steps } = await shown(place, id);
      assert.deepEqual([state, steps[0]?.state, steps[0]?.asks], ['interrupted', step, undefined]);
    }
    await writeFile(join(place.path, 'ok'), '');
    assert.equal((await place.run(['run', 'a.md'])).code, 0);
    assert.equal(await place.read('ran'), 'has it\nhas it\n');
  });

  it('that is a terminal’s `handrail run`: the same', async () => {
    await using place = await Place.make({
      'a.md': runbook({
        one: 'x=1; echo one',
        'web background': 'echo up; exec sleep 1000',
        two: 'echo two >>ran; [ -e ok ] || sleep 1001',
        three: 'echo "x is $x"',
      }),
    });
    const child = place.start(['run', 'a.md']);
    await holds(place, 'ran', 'two');
    await killHard(child.pid ?? 0);
    await nothingLeft(place);
    const { state, steps } = await shown(place);
    assert.deepEqual([state, steps[2]?.state, steps[3]?.state], ['interrupted', 'interrupted', 'not-run']);
    await writeFile(join(place.path, 'ok'), '');
    const { code, stdout, stderr } = await place.run(['resume', 'last']);
    assert.deepEqual([code, stdout.includes('x is 1\n')], [0, true], stderr);
    await nothingLeft(place);
  });
});
