import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentConnection } from '../../../agent/client/connection';
import {
  checksChanged,
  probeCheck,
  readChecks,
  watchChecks,
  type CheckRow,
} from '../../../agent/protocol/health';
import { type ScriptedAgent, startScriptedAgent } from '../../support/scriptedAgent';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';

describe('health checks through the agent', function () {
  this.timeout(60_000);
  let agent: ScriptedAgent;
  let folder: { path: string } & AsyncDisposable;
  let file: string;
  beforeEach(async () => {
    agent = await startScriptedAgent();
    folder = await temporaryFolder('health');
    file = join(folder.path, 'a.health.yaml');
  });
  afterEach(async () => {
    await agent.agent.closeAreas();
    await agent[Symbol.asyncDispose]();
    await folder[Symbol.asyncDispose]();
  });

  const mark = '{name: mark, type: file, path: mark, every: 100ms, failures: 1, runbook: "mend.md#mark"}';
  const write = (...checks: string[]) =>
    writeFile(file, `checks:\n${checks.map(each => `  - ${each}\n`).join('')}`);

  it('are watched while a client holds them, and told as they change', async () => {
    await write(mark);
    const window = new Window(await agent.connect());
    const [pending] = await window.watch(file);
    assert.deepEqual([pending?.state, pending?.runbook, pending?.line], ['pending', 'mend.md#mark', 2]);
    const down = await window.row('mark', 'down');
    assert.equal(down.message, 'exists was false');
    await writeFile(join(folder.path, 'mark'), '');
    const up = await window.row('mark', 'up');
    assert.ok(up.recent.some(({ state }) => state === 'down') && up.recent.at(-1)?.state === 'up');
    window.connection.dispose();
    await waitFor('nothing to be watched', async () =>
      (await agent.agent.health()).watches.isBusy ? undefined : true,
    );
  });

  it('are watched once for two windows, and go on for the second', async () => {
    await write('{name: count, type: command, command: echo x >> count, every: 100ms}');
    const [one, other] = [new Window(await agent.connect()), new Window(await agent.connect())];
    const [held] = await one.watch(file);
    const allowed = [held?.command?.mark ?? ''];
    await one.watch(file, allowed);
    await other.watch(file, allowed);
    await one.row('count', 'up');
    await other.row('count', 'up');
    one.connection.dispose();
    other.rows.clear();
    await other.row('count', 'up');
    other.connection.dispose();
  });

  it('run no command that was not allowed, nor one that has changed since', async () => {
    await write('{name: run, type: command, command: touch ran, every: 100ms}', mark);
    const window = new Window(await agent.connect());
    const read = await window.connection.request(readChecks, { files: [file] });
    assert.equal(read.checks[0]?.command?.text, 'touch ran');
    const [held] = await window.watch(file);
    assert.deepEqual([held?.state, held?.message], ['held', 'its command was not allowed yet']);
    await window.row('mark', 'down');
    await assert.rejects(import('node:fs/promises').then(fs => fs.access(join(folder.path, 'ran'))));
    await window.watch(file, [held?.command?.mark ?? '']);
    await window.row('run', 'up');
    await write('{name: run, type: command, command: touch other, every: 100ms}', mark);
    const [changed] = await window.watch(file, [held?.command?.mark ?? '']);
    assert.equal(changed?.state, 'held');
  });

  it('stay as they were where their file becomes invalid, and say so', async () => {
    await write(mark);
    const window = new Window(await agent.connect());
    await window.watch(file);
    await window.row('mark', 'down');
    await writeFile(file, 'checks: "');
    const { checks, problems } = await window.connection.request(watchChecks, {
      files: [file],
      environment: {},
      allowed: [],
    });
    assert.equal(problems.length, 1);
    assert.match(checks[0]?.outdated ?? '', /^line 1: Missing closing/);
    assert.equal(checks[0]?.state, 'down');
    await writeFile(join(folder.path, 'mark'), '');
    await window.row('mark', 'up');
    await rm(file);
    const gone = await window.connection.request(watchChecks, {
      files: [file],
      environment: {},
      allowed: [],
    });
    assert.deepEqual(
      [gone.problems.at(-1)?.message, gone.checks[0]?.state],
      ['The file is not there any more', 'up'],
    );
  });

  it('keep how they stand when another check of the file changes', async () => {
    await write(mark);
    const window = new Window(await agent.connect());
    await window.watch(file);
    const down = await window.row('mark', 'down');
    await write('{name: first, type: load}', mark);
    const [, kept] = await window.watch(file);
    assert.deepEqual([kept?.name, kept?.state, kept?.since], ['mark', 'down', down.since]);
  });

  it('are looked at at once where a person asks', async () => {
    await write('{name: slow, type: disk, up: total > 0, every: 1h}', '{name: last, type: disk, every: 1h}');
    const window = new Window(await agent.connect());
    const [row] = await window.watch(file);
    const first = await window.row('slow', 'up');
    await window.connection.request(probeCheck, { check: row?.id ?? '' });
    await waitFor('another look', () =>
      (window.rows.get('slow')?.at ?? 0) > (first.at ?? 0) ? true : undefined,
    );
    await assert.rejects(window.connection.request(probeCheck, { check: 'nope' }), /no such check/);
  });

  it('are not looked at for a workspace that is not trusted', async () => {
    await write(mark);
    const untrusted = await agent.connect(false);
    const asked = { files: [file], environment: {}, allowed: [] };
    await assert.rejects(untrusted.request(watchChecks, asked), /trust/i);
    assert.equal((await untrusted.request(readChecks, { files: [file] })).checks.length, 1);
  });
});

/** A client, with what it was told last of each check. */
class Window {
  readonly rows = new Map<string, CheckRow>();

  readonly connection: AgentConnection;

  constructor(connection: AgentConnection) {
    this.connection = connection;
    connection.on(checksChanged, ({ checks }) => {
      for (const row of checks) this.rows.set(row.name, row);
    });
  }

  async watch(file: string, allowed: readonly string[] = []): Promise<CheckRow[]> {
    const environment = { PATH: process.env['PATH'] ?? '' };
    const asked = { files: [file], environment, allowed: [...allowed] };
    return (await this.connection.request(watchChecks, asked)).checks;
  }

  row(name: string, state: CheckRow['state']): Promise<CheckRow> {
    return waitFor(`${name} to be ${state}`, () => {
      const row = this.rows.get(name);
      return row?.state === state ? row : undefined;
    });
  }
}
