import { compareRuns } from '../../agent/protocol/history';
import { getRun, listRuns, type RunSummary } from '../../agent/protocol/runs';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { runRow } from '../views/runs/runWords';
import { comparisonPage } from './comparisonPage';
import type { VirtualPages } from './virtualPages';
import { pick } from '../quickInput';

/** Compares a run with another one of the same runbook that the person chooses, newest first. */
export async function compareRun(agent: AgentClient, pages: VirtualPages, id: string): Promise<void> {
  const { run } = await agent.request(getRun, { run: id });
  const { runs } = await agent.request(listRuns, { file: run.file, limit: 100 });
  const others = runs.filter(other => other.id !== id && other.state !== 'running');
  if (others.length === 0) throw new Error(`${runbookName(run.file)} has no other run to compare with.`);
  const other = await choose(run, others);
  if (other === undefined) return;
  const [left, right] = [run, other].sort((a, b) => a.startedAt - b.startedAt);
  if (left === undefined || right === undefined) return;
  const comparison = await agent.request(compareRuns, { left: left.id, right: right.id });
  await pages.show(
    `${runbookName(run.file)}, ${left.id.slice(0, 6)} and ${right.id.slice(0, 6)}`,
    `${left.id} ${right.id}`,
    comparisonPage(comparison),
  );
}

async function choose(run: RunSummary, others: readonly RunSummary[]): Promise<RunSummary | undefined> {
  const now = Date.now();
  const items = others.map(other => ({
    run: other,
    label: runRow(other, now).description,
    description: other.id,
  }));
  const title = `Compare ${runRow(run, now).description} with…`;
  return (await pick(items, { title, matchOnDescription: true }))?.run;
}
