import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withOwnKubeconfig } from '../../../../agent/clusters/contexts/ownKubeconfig';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import type { RunObserver, Runs } from '../../../../agent/engine/types';
import type { SessionFactory } from '../../../../agent/executors/executor';
import { createSessionFactory } from '../../../../agent/executors/sessions';
import { createIdentityReader } from '../../../../agent/identity/readIdentity';
import type { RunRecord } from '../../../../agent/protocol/runs';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import type { RunStore } from '../../../../agent/store/types';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { cells, sampleRequest } from '../sampleRequest';

describe("runs of a kept session with a runbook's own context", function () {
  this.timeout(60_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: RunStore;
  let sessions: SessionFactory;
  let runs: Runs;
  let KUBECONFIG: string;
  before(async () => {
    folder = await temporaryFolder('own-context');
    KUBECONFIG = join(folder.path, 'kubeconfig');
    const named = (name: string) => `{name: ${name}, context: {cluster: c, user: ${name}}}`;
    const clusters = 'clusters: [{name: c, cluster: {server: "https://c"}}]';
    await writeFile(
      KUBECONFIG,
      `current-context: z\ncontexts: [${['a', 'b', 'z'].map(named).join(', ')}]\n${clusters}\n`,
    );
    store = openStore(join(folder.path, 'data'), {
      limits: { head: 3 << 20, tail: 1 << 20, segment: 1 << 18 },
    });
    const own = join(folder.path, 'run');
    sessions = createSessionFactory({ folder: own, hostId: randomUUID() });
    const ownKubeconfig = <T extends { env: Readonly<Record<string, string>>; cwd: string }>(
      environment: T,
    ): T => withOwnKubeconfig(environment, own);
    const world = { identity: createIdentityReader() };
    runs = createRuns({ store, sessions, clock: systemClock, host: thisHost(), ownKubeconfig, world });
  });
  after(async () => {
    await runs?.close();
    await sessions?.close();
    store?.close();
    await folder?.[Symbol.asyncDispose]();
  });

  const run = async (context: string | undefined, text: string) => {
    const front = context === undefined ? '' : `---\ncontext: ${context}\n---\n`;
    const { env, ...environment } = sampleRequest('').environment;
    const record = await runs.start(
      sampleRequest(front + cells({ one: `: kubectl\n${text}`, two: ': kubectl; echo "$KUBECONFIG"' }), {
        ...{ file: join(folder.path, 'x.runbook.md'), session: 'kept' as const },
        environment: { ...environment, env: { ...env, KUBECONFIG } },
      }),
      silent,
    ).ended;
    return { record, out: output(record, 0), after: output(record, 1).trim() };
  };
  const output = (record: RunRecord, step: number): string =>
    Buffer.concat(store.readOutput(record.id, step, 0, 1e9).chunks.map(({ bytes }) => bytes)).toString();
  const shown = 'grep -o \'"current-context": "."\' "${KUBECONFIG%%:*}"';
  const contextOf = ({ record }: { record: RunRecord }) =>
    record.identity?.map(({ values }) => values['context']);

  it('begin in it each time, whatever cells have chosen before, and follow what is written', async () => {
    const first = await run(
      'a',
      `${shown}; sed -i 's/"current-context": "a"/"current-context": "b"/' "\${KUBECONFIG%%:*}"`,
    );
    assert.equal(first.out, '"current-context": "a"\n');
    assert.match(
      first.record.steps[1]?.message ?? '',
      /elsewhere than planned: kube was a as a and is b as b/,
    );
    const second = await run('a', shown);
    assert.deepEqual(
      [second.record.state, second.out, contextOf(second)],
      ['passed', '"current-context": "a"\n', ['a']],
    );
    const third = await run('b', shown);
    assert.deepEqual(
      [third.record.state, third.out, contextOf(third)],
      ['passed', '"current-context": "b"\n', ['b']],
    );
    const without = await run(undefined, 'true');
    assert.deepEqual(
      [without.record.state, without.after, contextOf(without)],
      ['passed', KUBECONFIG, ['z']],
    );
    const again = await run('a', 'true');
    assert.match(again.after, /\/handrail-kubeconfig:/);
  });

  it('leave a kubeconfig that a cell has chosen', async () => {
    const other = join(folder.path, 'other');
    await writeFile(other, 'current-context: o\ncontexts: [{name: o, context: {cluster: c, user: o}}]\n');
    const chosen = await run('a', `export KUBECONFIG=${other}`);
    assert.match(chosen.record.steps[1]?.message ?? '', /elsewhere than planned/);
    const next = await run('a', 'true');
    assert.deepEqual([next.record.state, next.after, contextOf(next)], ['passed', other, ['o']]);
  });
});

const silent: RunObserver = {
  runChanged: () => undefined,
  stepChanged: () => undefined,
  output: () => undefined,
};
