import type { AgentConnection } from '../../../agent/client/connection';
import { handrailFolders } from '../../../agent/folders';
import { searchRuns } from '../../../agent/protocol/history';
import { listRuns } from '../../../agent/protocol/runs';
import type { RunRecord, StepRecord } from '../../../agent/protocol/runs';
import { thisHost } from '../../../agent/store/hostProcess';
import { openStore } from '../../../agent/store/openStore';
import type { RunStore } from '../../../agent/store/types';
import { connectBenchAgent, stopAgent } from '../agent';
import type { Figure } from '../figure';
import { p95 } from '../measure';
import { printedBy } from './printedText';

const runs = 1000;
const stepsOfRun = 100;

/** A page of runs and a search in a history of 100,000 steps, from the request to the answer at the agent's client. */
export const history100k: Figure = {
  name: 'history-100k',
  async measure(bench) {
    const store = openStore(handrailFolders(bench.env).data);
    for (let n = 0; n < runs; n++) record(store, n);
    store.close();
    const connection = await connectBenchAgent(bench);
    try {
      const page = await p95(pages.map(params => () => connection.request(listRuns, params)));
      const search = await p95(queries.map(query => () => find(connection, query)));
      return [
        { name: 'history-100k-page', value: page, unit: 'ms', budget: 50 },
        { name: 'history-100k-search', value: search, unit: 'ms', budget: 50 },
      ];
    } finally {
      await stopAgent(connection);
    }
  },
};

const pages = [
  { limit: 50 },
  { limit: 50, before: idOf(500) },
  { limit: 50, before: idOf(40) },
  { limit: 50, file: fileOf(7) },
  { limit: 50, state: 'failed' as const },
];

/** Words of every step, of some and of none; phrases; beginnings, which are the dearest; of one runbook. */
const queries: readonly { query: string; file?: string }[] = [
  { query: 'status' },
  { query: 'connection refused' },
  { query: '"connection refused"' },
  { query: 'kubectl rollout' },
  { query: 'timeout web-7' },
  { query: 'st' },
  { query: 'pod/web' },
  { query: 'zebra' },
  { query: 'refused', file: fileOf(7) },
  { query: 'e' },
];

async function find(connection: AgentConnection, query: { query: string; file?: string }): Promise<void> {
  await connection.request(searchRuns, { limit: 50, ...query });
}

function record(store: RunStore, n: number): void {
  const printed = Array.from({ length: stepsOfRun }, (_, at) => printedBy(n * stepsOfRun + at));
  const steps = printed.map((text, at) => stepOf(at, Buffer.byteLength(text)));
  const state = n % 5 === 0 ? 'failed' : 'passed';
  const run: RunRecord = {
    id: idOf(n),
    file: fileOf(n),
    title: `Runbook ${n % 50}`,
    state,
    seq: 300,
    startedAt: 1_700_000_000_000 + n * 60_000,
    endedAt: 1_700_000_030_000 + n * 60_000,
    stepsTotal: stepsOfRun,
    stepsDone: stepsOfRun,
    by: 'cli',
    user: 'ana',
    textHash: '0123456789abcdef',
    cwd: '/books',
    host: 'box',
    steps,
  };
  printed.forEach((text, at) => {
    const output = store.openOutput(run.id, at);
    output.append('stdout', Buffer.from(text), run.startedAt);
    output.close();
  });
  store.create(run, thisHost());
  printed.forEach((text, at) => store.index(run.id, at, text));
}

function stepOf(index: number, outputBytes: number): StepRecord {
  return {
    index,
    name: `step-${index}`,
    key: { section: 'Deploy', hash: `hash-${index}`, ordinal: 0, index },
    language: 'bash',
    line: 10 + 4 * index,
    section: ['Deploy'],
    text: `kubectl rollout status deployment/web-${index} --namespace shop --timeout 60s\n`,
    state: 'passed',
    attempt: 1,
    startedAt: 1_700_000_000_000,
    endedAt: 1_700_000_000_300,
    reason: 'exit',
    exit: 0,
    tty: false,
    outputSeq: 1,
    outputBytes,
  };
}

function idOf(n: number): string {
  return n.toString(16).padStart(12, '0');
}

function fileOf(n: number): string {
  return `/books/runbook-${n % 50}.md`;
}
