import * as assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { followRun } from '../../agent/client/followRun';
import { cancelRun, getRun, listRuns, startRun, type RunRecord } from '../../agent/protocol/runs';
import { resetSession } from '../../agent/protocol/sessions';
import type { AgentConnection } from '../../agent/client/connection';
import { Place, runbook } from '../agent/cli/handrail';
import { runOf } from '../support/realAgent';
import { waitFor } from '../support/waitFor';
import { connect, detach, holds, nothingLeft, printed, shown } from './scene';

describe('fault 7: several at one runbook at the same time', function () {
  this.timeout(40_000);

  /** A window runs the whole runbook in its session. */
  async function runInWindow(place: Place, window: AgentConnection, text: string): Promise<RunRecord> {
    const request = runOf(text, place.path);
    request.environment.env = { ...request.environment.env, ...place.env };
    const { run } = await window.request(startRun, { ...request, session: 'kept', by: 'editor', asks: true });
    return run;
  }

  interface Heard {
    readonly output: string;
    readonly record: RunRecord;
  }
  async function follow(window: AgentConnection, run: string): Promise<Heard> {
    let output = '';
    const record = await followRun(window, run, {
      runChanged: () => undefined,
      stepChanged: () => undefined,
      output: (_run, _step, { bytes }) => void (output += Buffer.from(bytes).toString()),
    });
    return { output, record };
  }

  it('two windows take turns in the session; a terminal and a handed-over run have sessions of their own', async () => {
    const text = runbook({
      count: 'n=$((n + 1)); echo "n is $n"; echo in >>at; sleep 0.2; echo out >>at',
      numbers: 'seq 1 3000; echo "end $n"',
    });
    await using place = await Place.make({ 'a.md': text });
    const windows = [await connect(place), await connect(place)] as const;
    const terminal = place.run(['run', 'a.md']);
    const detached = detach(place, 'a.md');
    const runs: RunRecord[] = [];
    for (let turn = 0; turn < 3; turn++)
      for (const window of windows) runs.push(await runInWindow(place, window, text));
    // Each window hears of the runs of the other as well.
    const heard = await Promise.all(runs.flatMap(({ id }) => windows.map(window => follow(window, id))));
    const numbers = Array.from({ length: 3000 }, (_, at) => `${at + 1}\n`).join('');
    for (const [at, { output, record }] of heard.entries()) {
      const turn = Math.floor(at / 2) + 1;
      assert.equal(record.state, 'passed');
      assert.equal(output, `n is ${turn}\n${numbers}end ${turn}\n`);
    }
    const own = `n is 1\n${numbers}end 1\n`;
    assert.equal((await terminal).stdout, own);
    const { stdout } = await place.run(['attach', await detached]);
    assert.equal(stdout, own);
    const listed = await windows[0].request(listRuns, {});
    assert.equal(listed.runs.length, 8, 'none is lost and none is there twice');
    assert.equal(new Set(listed.runs.map(({ id }) => id)).size, 8);
    assert.ok(listed.runs.every(({ state }) => state === 'passed'));
    for (const window of windows) window.dispose();
  });

  it('within one lock one after the other, whoever asks, and each says whom it waits for', async () => {
    const text = runbook({
      'one lock=shop': 'echo in >>at; sleep 0.1; echo out >>at; [ ! -e hold ] || sleep 1000',
    });
    await using place = await Place.make({ 'a.md': text, hold: '' });
    const window = await connect(place);
    const first = await runInWindow(place, window, text);
    await holds(place, 'at', 'out');
    const waiting = [place.run(['run', 'a.md']), place.run(['run', 'a.md'])];
    const detached = await detach(place, 'a.md');
    const said = await waitFor('it to say so', async () => {
      const { run } = await window.request(getRun, { run: detached });
      return run.message ?? run.steps[0]?.message;
    });
    assert.match(said, /shop/);
    assert.equal(await place.read('at'), 'in\nout\n');
    writeFileSync(join(place.path, 'at'), '');
    rmSync(join(place.path, 'hold'));
    await window.request(cancelRun, { run: first.id });
    for (const one of waiting) assert.equal((await one).code, 0);
    assert.equal((await follow(window, detached)).record.state, 'passed');
    assert.equal(await place.read('at'), 'in\nout\n'.repeat(3));
    window.dispose();
  });

  it('a reset in one window while the other runs: that run is cancelled, the terminal’s is not', async () => {
    const text = runbook({ one: 'echo on >>at; [ -e go ] || sleep 1000' });
    await using place = await Place.make({ 'a.md': text });
    const [one, two] = [await connect(place), await connect(place)];
    const run = await runInWindow(place, one, text);
    await holds(place, 'at', 'on');
    writeFileSync(join(place.path, 'at'), '');
    const terminal = place.start(['run', 'a.md']);
    await holds(place, 'at', 'on');
    await two.request(resetSession, { file: run.file });
    assert.equal((await one.request(getRun, { run: run.id })).run.state, 'cancelled');
    assert.equal(terminal.exitCode, null);
    terminal.kill('SIGINT');
    assert.equal((await terminal.ended).code, 130);
    for (const window of [one, two]) window.dispose();
  });

  it('many terminals at once: every run and every byte is recorded, and the audit log is one chain', async () => {
    await using place = await Place.make({
      'a.md': runbook({ one: 'seq 1 5000', two: 'echo $HANDRAIL_RUN' }),
    });
    const ends = await Promise.all(Array.from({ length: 6 }, () => place.run(['run', 'a.md'])));
    const ids = ends.map(({ code, stdout, stderr }) => {
      assert.equal(code, 0, stderr);
      return stdout.trim().split('\n').at(-1) ?? '';
    });
    assert.equal(new Set(ids).size, 6);
    for (const [at, id] of ids.entries()) {
      assert.equal((await shown(place, id)).state, 'passed');
      assert.equal(await printed(place, id), ends[at]?.stdout);
    }
    assert.equal((await place.run(['audit', '--verify'])).code, 0);
    await nothingLeft(place);
  });
});
