import assert from 'node:assert/strict';
import { followRun } from '../../../agent/client/followRun';
import { noProgress } from '../../../agent/client/runTeller';
import type { RunObserver } from '../../../agent/engine/types';
import type { HandrailError } from '../../../agent/protocol/errors';
import { startRun } from '../../../agent/protocol/runs';
import { aRun, type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { waitFor } from '../../support/waitFor';

/** Writes down what it is told, one line each; output of a step that follows output of it is appended. */
class Notes implements RunObserver {
  readonly lines: string[] = [];
  wait: Promise<void> | undefined;

  runChanged(run: { state: string }): void {
    this.lines.push(`run ${run.state}`);
  }

  stepChanged(_run: unknown, step: { index: number; state: string; exit?: number | undefined }): void {
    this.lines.push(`${step.index} ${step.state}${step.exit === undefined ? '' : ` ${step.exit}`}`);
  }

  async output(_run: unknown, step: { index: number }, piece: { bytes: Uint8Array }): Promise<void> {
    const text = Buffer.from(piece.bytes).toString();
    const start = `${step.index}: `;
    if (this.lines.at(-1)?.startsWith(start)) this.lines.push(`${this.lines.pop() ?? ''}${text}`);
    else this.lines.push(`${start}${text}`);
    await this.wait;
  }
}

describe('followRun', () => {
  let agent: ScriptedAgent;
  beforeEach(async () => (agent = await startScriptedAgent()));
  afterEach(() => agent[Symbol.asyncDispose]());

  async function begin(steps: number) {
    const connection = await agent.connect();
    const { run } = await connection.request(startRun, aRun(steps));
    const scripted = agent.runs.all.at(-1);
    assert.ok(scripted);
    return { connection, id: run.id, scripted };
  }

  const whole = [
    'run running',
    '0 running',
    '0: ab',
    '0 passed 0',
    '1 running',
    '1: c',
    '1 failed 1',
    'run failed',
  ];

  it('tells of a run as it goes', async () => {
    const { connection, id, scripted } = await begin(2);
    const notes = new Notes();
    const following = followRun(connection, id, notes);
    const told = (line: string) => waitFor(line, () => notes.lines.at(-1) === line);
    await told('run running');
    scripted.begin(0);
    await told('0 running');
    scripted.print(0, 'a');
    await told('0: a');
    scripted.print(0, 'b');
    scripted.finish(0);
    scripted.begin(1);
    scripted.print(1, 'c');
    scripted.finish(1, 'failed');
    scripted.end('failed');
    assert.equal((await following).state, 'failed');
    assert.deepEqual(notes.lines, whole);
    connection.dispose();
  });

  it('tells the same of a run that has ended', async () => {
    const { connection, id, scripted } = await begin(2);
    scripted.begin(0);
    scripted.print(0, 'ab');
    scripted.finish(0);
    scripted.begin(1);
    scripted.print(1, 'c');
    scripted.finish(1, 'failed');
    scripted.end('failed');
    const notes = new Notes();
    await followRun(connection, id.slice(0, 8), notes);
    assert.deepEqual(notes.lines, whole);
    connection.dispose();
  });

  it('goes on after a reconnect where it was', async () => {
    const { connection, id, scripted } = await begin(2);
    const notes = new Notes();
    const progress = noProgress();
    scripted.begin(0);
    scripted.print(0, 'a');
    const first = followRun(connection, id, notes, undefined, progress);
    await waitFor('a', () => notes.lines.includes('0: a'));
    connection.dispose();
    await assert.rejects(first, (error: HandrailError) => error.code === 'unavailable');
    scripted.print(0, 'b');
    scripted.finish(0);
    scripted.begin(1);
    scripted.print(1, 'c');
    const again = await agent.connect();
    const second = followRun(again, id, notes, undefined, progress);
    scripted.finish(1, 'failed');
    scripted.end('failed');
    await second;
    assert.deepEqual(notes.lines, whole);
    again.dispose();
  });

  it('gives every number once, in order, to a slow observer of a fast cell', async () => {
    const { connection, id, scripted } = await begin(1);
    const notes = new Notes();
    notes.wait = new Promise(resolve => setTimeout(resolve, 30));
    const following = followRun(connection, id, notes);
    scripted.begin(0);
    for (let i = 0; i < 5000; i++) {
      scripted.print(0, `${i}\n`, i % 7 === 0 ? 'stderr' : 'stdout');
      if (i % 500 === 0) await new Promise(setImmediate);
    }
    scripted.finish(0);
    scripted.end();
    await following;
    const expected = Array.from({ length: 5000 }, (_, i) => `${i}\n`).join('');
    assert.deepEqual(notes.lines, ['run running', '0 running', `0: ${expected}`, '0 passed 0', 'run passed']);
    connection.dispose();
  });

  it('stops when told to, and leaves no watch behind', async () => {
    const { connection, id } = await begin(1);
    const stop = new AbortController();
    const following = followRun(connection, id, new Notes(), stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 20);
    await assert.rejects(following, /enough/);
    connection.dispose();
  });

  it('says that there is no such run', async () => {
    const connection = await agent.connect();
    await assert.rejects(
      followRun(connection, 'nothing', new Notes()),
      (error: HandrailError) => error.code === 'notFound' && error.details['run'] === 'nothing',
    );
    connection.dispose();
  });
});
