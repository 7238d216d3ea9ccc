import * as assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { followRun } from '../../agent/client/followRun';
import { agentStatus } from '../../agent/protocol/handshake';
import { Place, runbook } from '../agent/cli/handrail';
import { processesWith } from '../support/processesWith';
import { waitFor } from '../support/waitFor';
import { agentOf, connect, detach, holds, isRunning, nothingLeft, printed, shown, states } from './scene';

/** Longer than any of the time-outs below. Milliseconds. */
const asleep = 1000;

/**
 * A host that sleeps stops every process, and the monotonic clock with them; here the processes are stopped and the
 * clock goes on, which is harder: every timer that was set is due at once when they wake.
 */
describe('fault 11: the host sleeps', function () {
  this.timeout(40_000);

  /** Stops everything of a place, guardian and cells too, for some time. */
  async function sleep(place: Place): Promise<void> {
    const home = place.env['HANDRAIL_HOME'] ?? '';
    const own = await processesWith('HANDRAIL_HOME', home);
    const guardians = await guardiansOf(own.map(({ pid }) => pid));
    const pids = [...own.map(({ pid }) => pid), ...guardians];
    const stopped = pids.filter(pid => signal(pid, 'SIGSTOP'));
    await new Promise(resolve => setTimeout(resolve, asleep));
    for (const pid of stopped) signal(pid, 'SIGCONT');
  }

  it('while the agent runs a step with time left: it goes on, nothing is lost, clients catch up', async () => {
    await using place = await Place.make({
      'a.md': runbook({
        'web background': 'echo up; exec sleep 1000',
        'one timeout=1h retries=2': 'for i in $(seq 1 100); do echo $i; sleep 0.02; done; : >done',
        two: 'echo two',
      }),
    });
    const window = await connect(place);
    const run = await detach(place, 'a.md');
    let heard = '';
    const following = followRun(window, run, {
      runChanged: () => undefined,
      stepChanged: () => undefined,
      output: (_run, _step, { bytes }) => void (heard += Buffer.from(bytes).toString()),
    });
    const terminal = place.start(['attach', run]);
    await waitFor('some of the output', () => heard.includes('20\n'));
    await sleep(place);
    const record = await following;
    assert.deepEqual(states(record), ['web passed', 'one passed', 'two passed']);
    assert.deepEqual([record.state, record.steps[1]?.attempt], ['passed', 1]);
    const numbers = Array.from({ length: 100 }, (_, at) => `${at + 1}\n`).join('');
    assert.equal(heard, `up\n${numbers}two\n`);
    assert.deepEqual([(await terminal.ended).code, (await terminal.ended).stdout], [0, heard]);
    assert.equal(await printed(place, run), heard);
    assert.equal((await window.request(agentStatus, {})).runs, 0);
    window.dispose();
  });

  it('longer than a step may take: the step is told as timed out, or passed where it was done before', async () => {
    await using place = await Place.make({
      'late.md': runbook({ 'one timeout=500ms': ': >begun; exec sleep 1000', two: ': >never' }),
      'done.md': runbook({
        'one timeout=500ms': ': >begun2; until [ -e go ]; do sleep 0.01; done; exit 0',
        two: 'echo on',
      }),
    });
    const late = await detach(place, 'late.md');
    await holds(place, 'begun');
    await sleep(place);
    await waitFor('its end', async () => (await shown(place, late)).state !== 'running');
    const record = await shown(place, late);
    assert.deepEqual(
      [record.state, record.steps[0]?.reason, record.steps[1]?.state],
      ['failed', 'timeout', 'not-run'],
    );
    assert.ok((record.endedAt ?? 0) - record.startedAt >= asleep - 200, 'its time is the true one');
    // The cell is over in time, and the agent hears of it late.
    const done = await detach(place, 'done.md');
    await holds(place, 'begun2');
    const agent = await agentOf(place);
    process.kill(agent, 'SIGSTOP');
    writeFileSync(join(place.path, 'go'), '');
    await new Promise(resolve => setTimeout(resolve, asleep));
    process.kill(agent, 'SIGCONT');
    await waitFor('its end', async () => (await shown(place, done)).state !== 'running');
    const { steps } = await shown(place, done);
    const [first] = steps;
    assert.deepEqual([first?.state, first?.exit], ['passed', 0]);
  });

  it('while only the agent sleeps: nobody takes it for dead, its guardian ends nothing, clients wait or say so', async () => {
    await using place = await Place.make({
      'a.md': runbook({
        'one lock=shop': 'i=0; until [ -e go ]; do echo $((i += 1)); sleep 0.02; done',
        two: 'true',
      }),
      'b.md': runbook({ 'one lock=shop': ': >had' }),
    });
    const run = await detach(place, 'a.md');
    await waitFor('its output', async () => (await printed(place, run)).includes('3\n'));
    const agent = await agentOf(place);
    process.kill(agent, 'SIGSTOP');
    try {
      assert.equal((await shown(place, run)).state, 'running', 'its process is there');
      const refused = await place.run(['resume', run]);
      assert.match(refused.stderr, /goes on/);
      const other = place.start(['run', 'b.md']);
      await new Promise(resolve => setTimeout(resolve, asleep));
      assert.equal(other.exitCode, null, 'it waits for the lock');
      other.kill('SIGINT');
      await other.ended;
      assert.ok(isRunning(agent));
    } finally {
      process.kill(agent, 'SIGCONT');
    }
    writeFileSync(join(place.path, 'go'), '');
    const { code, stdout } = await place.run(['attach', run]);
    assert.equal(code, 0);
    const lines = stdout.trim().split('\n').map(Number);
    assert.deepEqual(
      lines,
      lines.map((_, at) => at + 1),
    );
    assert.ok(lines.length > 50, 'the cell went on meanwhile');
  });

  it('while a terminal runs a runbook: the same', async () => {
    await using place = await Place.make({
      'a.md': runbook({ one: 'for i in $(seq 1 50); do echo $i; sleep 0.02; done', two: 'echo two' }),
    });
    const { ended } = place.start(['run', 'a.md']);
    await waitFor('it to run', async () => {
      const { code, stdout } = await place.run(['runs', '--json']);
      return code === 0 && stdout.includes('"running"');
    });
    await sleep(place);
    const { code, stdout } = await ended;
    assert.deepEqual([code, stdout.split('\n').length], [0, 52]);
    await nothingLeft(place);
  });
});

/** Whether there still was a process. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The guardians among all processes; they have no environment, but a parent. */
async function guardiansOf(parents: readonly number[]): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    const command = await readFile(`/proc/${entry}/cmdline`, 'latin1').catch(() => '');
    if (!command.includes('handrail-guardian')) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'latin1').catch(() => '');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parents.includes(parent)) found.push(Number(entry));
  }
  return found;
}
