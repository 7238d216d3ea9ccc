import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { connectAgent } from '../../agent/client/connectAgent';
import type { AgentConnection } from '../../agent/client/connection';
import { handrailFolders } from '../../agent/folders';
import { RunRecord } from '../../agent/protocol/runs';
import { type Place, program } from '../agent/cli/handrail';
import { processesWith } from '../support/processesWith';
import { waitFor } from '../support/waitFor';

/** A window's connection to the agent of a place, which it starts if need be. */
export function connect(place: Place, env: Readonly<Record<string, string>> = {}): Promise<AgentConnection> {
  const start = {
    command: process.execPath,
    args: [join(dirname(program), 'agent.js')],
    env: { ...place.env, ...env },
  };
  const client = { id: 'window', kind: 'test' } as const;
  return connectAgent({ folders: handrailFolders(place.env), client, trusted: true, start });
}

/** A run as the history tells it to whoever asks. */
export async function shown(place: Place, run = 'last'): Promise<RunRecord> {
  const { code, stdout, stderr } = await place.run(['show', run, '--json']);
  assert.equal(code, 0, stderr);
  return RunRecord.parse(JSON.parse(stdout));
}

/** What all steps of a run have printed, their stderr last. */
export async function printed(place: Place, run = 'last'): Promise<string> {
  const { stdout, stderr } = await place.run(['show', run, '--output']);
  return stdout + stderr;
}

/** `name state` of each step. */
export function states({ steps }: RunRecord): string[] {
  return steps.map(({ name, state }) => `${name} ${state}`);
}

/** Hands a run to the agent and gives its id. */
export async function detach(place: Place, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await place.run(['run', '--detach', ...args]);
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

/** Pid of the agent. */
export async function agentOf(place: Place): Promise<number> {
  const { stdout, stderr } = await place.run(['agent', 'status', '--json']);
  assert.match(stdout, /"pid"/, stderr);
  return (JSON.parse(stdout) as { pid: number }).pid;
}

/** Kills a process as no program can prevent, and waits until it is gone. */
export async function killHard(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await waitFor(`the end of ${pid}`, () => !isRunning(pid));
}

export function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  try {
    return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
  } catch {
    // It went between the two looks.
    return false;
  }
}

/** Holds that within 2 s nothing of a place runs but what is named. */
export async function nothingLeft(place: Place, ...but: number[]): Promise<void> {
  const left = async () => {
    const found = await processesWith('HANDRAIL_HOME', place.env['HANDRAIL_HOME'] ?? '');
    return found.filter(({ pid }) => !but.includes(pid) && isRunning(pid));
  };
  try {
    await waitFor('all processes to be gone', async () => (await left()).length === 0, 2000);
  } catch {
    assert.deepEqual(await left(), []);
  }
}

/** Waits until a file of the place has this in it. */
export function holds(place: Place, name: string, text = ''): Promise<string> {
  return waitFor(`${JSON.stringify(text)} in ${name}`, async () => {
    const content = await place.read(name).catch(() => undefined);
    return content?.includes(text) === true ? content : undefined;
  });
}

/** Files below a folder that hold one of these bytes. */
export async function filesWith(folder: string, needles: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    // What is there for a moment only may be gone before it is read.
    const content = await readFile(path, 'latin1').catch(() => '');
    const needle = needles.find(one => content.includes(one));
    if (needle !== undefined) found.push(`${path}: ${needle}`);
  }
  return found;
}
