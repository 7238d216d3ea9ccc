import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownMembers } from '../../../agent/executors/process/ownMembers';
import { type ProcessEntry, startTimeOf } from '../../../agent/processTable';
import { temporaryFolder } from '../../support/temporaryFolder';
import { until } from './harness';

type Call = [method: string, group: number, members?: Partial<ProcessEntry>[]];

/** What a guardian was told of a group, and whether the group ends with who told it. */
const told: Record<string, { calls: (group: number) => Call[]; env?: string; ends: boolean }> = {
  'whose leader lived': { calls: group => [['watch', group]], ends: true },
  'that is empty': {
    calls: group => [
      ['watch', group],
      ['forget', group],
    ],
    ends: false,
  },
  'with a process that was left': {
    calls: group => [
      ['watch', group],
      ['left', group, [{ pid: 1, startTime: 'x' }, member(group)]],
    ],
    ends: true,
  },
  'with none of those that were left': {
    calls: group => [
      ['watch', group],
      ['left', group, [{ pid: group, startTime: '1' }]],
    ],
    ends: false,
  },
  'with a marked process': { calls: group => [['left', group, []]], env: 'ours', ends: true },
  'that was forgotten and used again': {
    calls: group => [
      ['left', group, [member(group)]],
      ['forget', group],
      ['watch', group],
    ],
    ends: true,
  },
  'of a stranger': { calls: () => [['watch', 2 ** 22 + 1]], env: 'theirs', ends: false },
};

describe('a guardian', function () {
  this.timeout(20_000);
  let started: ChildProcess[];
  let marker: string;
  let files: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    files = await temporaryFolder('handrail-guardian');
    started = [];
    marker = `HANDRAIL_HOST=guardian-test-${process.pid}-${performance.now()}-`;
  });
  afterEach(async () => {
    for (const child of started) child.kill('SIGKILL');
    await files[Symbol.asyncDispose]();
  });

  for (const [what, { calls, env, ends }] of Object.entries(told)) {
    it(`${ends ? 'ends' : 'leaves'} a group ${what}`, async () => {
      const target = sleeper(env === 'ours' ? marker : env === undefined ? undefined : 'HANDRAIL_HOST=x');
      const witness = sleeper(marker);
      const host = await guarded(calls(target.pid ?? 0));
      host.kill('SIGKILL');
      // Groups come before it in a round, and all rounds are over when the guardian is.
      await until(() => hasEnded(witness));
      await until(() => guardians().length === 0);
      assert.equal(hasEnded(target), ends);
    });
  }

  it('removes the files of the sessions, and nothing beside them', async () => {
    const [own, other] = [join(files.path, "it's ours"), join(files.path, 'other')];
    for (const folder of [own, other]) {
      mkdirSync(folder);
      writeFileSync(join(folder, 'output-1'), 'a secret');
    }
    const host = await guarded([['watch', sleeper().pid ?? 0]], own);
    host.kill('SIGKILL');
    await until(() => !existsSync(own));
    await until(() => guardians().length === 0);
    assert.ok(existsSync(join(other, 'output-1')));
  });

  it('is followed by another when it ends', async () => {
    const target = sleeper();
    const host = await guarded([['watch', target.pid ?? 0]]);
    await until(() => guardians().length === 1);
    const [first = 0] = guardians();
    process.kill(first, 'SIGKILL');
    await until(() => guardians().some(pid => pid !== first));
    host.kill('SIGKILL');
    await until(() => hasEnded(target));
  });

  function sleeper(variable?: string): ChildProcess {
    const [name = '', value = ''] = variable?.split('=') ?? [];
    const env = { PATH: process.env['PATH'] ?? '', ...(variable === undefined ? {} : { [name]: value }) };
    const child = spawn('sleep', ['341'], { env, detached: true, stdio: 'ignore' });
    started.push(child);
    return child;
  }

  async function guarded(calls: Call[], folder = join(files.path, 'none')): Promise<ChildProcess> {
    const script = new URL('./guardedProcess.ts', import.meta.url).pathname;
    const host = spawn(process.execPath, ['--import', 'tsx', script, marker, folder, JSON.stringify(calls)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    started.push(host);
    await once(host.stdout, 'data');
    return host;
  }

  function guardians(): number[] {
    return execFileSync('ps', ['-eo', 'pid=,stat=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
      .split('\n')
      .filter(line => line.includes(`handrail-guardian ${marker}`) && !/^\s*\d+ Z/.test(line))
      .map(line => Number.parseInt(line, 10));
  }
});

describe('the members of a group that was left', () => {
  const entry = (pid: number, startTime: string, group = 7): ProcessEntry => ({
    pid,
    parent: 1,
    group,
    startTime,
  });
  const known = new Map([
    [8, '100'],
    [9, '100'],
  ]);
  const groups: Record<string, [everybody: ProcessEntry[], marked: number[], members: number[]]> = {
    'are those seen before': [[entry(8, '100'), entry(20, '100', 8)], [], [8]],
    'are also those that came since': [[entry(9, '100'), entry(12, '300')], [], [9, 12]],
    'are those that are marked': [[entry(12, '300'), entry(13, '300')], [13], [12, 13]],
    'are none if its number is a new process': [[entry(7, '900'), entry(10, '901')], [], []],
    'are none if a number in it is used again': [[entry(8, '900')], [], []],
    'are none if all have gone': [[entry(12, '300', 6)], [12], []],
  };
  for (const [what, [everybody, marked, members]] of Object.entries(groups)) {
    it(what, () => {
      const found = ownMembers(7, known, everybody, pid => marked.includes(pid));
      assert.deepEqual(
        found.map(({ pid }) => pid),
        members,
      );
    });
  }
});

function member(pid: number): Partial<ProcessEntry> {
  return { pid, startTime: startTimeOf(pid) ?? '' };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
