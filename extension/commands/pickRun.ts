import * as vscode from 'vscode';
import {
  getRun,
  listRuns,
  type RunRecord,
  type RunSummary,
  type StepRecord,
} from '../../agent/protocol/runs';
import type { AgentClient } from '../agent/agentClient';
import { hasEnded } from '../notebook/stepWords';
import { pick } from '../quickInput';
import { runRow, stepRow } from '../views/runs/runWords';
import { isRolledBack, undoable } from '../views/runs/undoable';
import type { StepPlace } from './stepCommands';

/** What a command that was called without a row can act on. */
export interface WantedRuns {
  /** Asks for one, as in `Stop Which Run?`. */
  readonly title: string;
  readonly fits: (run: RunSummary, listed: readonly RunSummary[]) => boolean;
  /** What only its steps tell, with the runs that are listed; asked of the newest that fit. */
  readonly offers?: (run: RunRecord, listed: readonly RunSummary[]) => boolean;
  /** What to tell where there is none. */
  readonly none: string;
}

const listed = 200;
/** Of older runs the steps are not looked at. */
const mostRecords = 20;

/** Lets a person choose one of the last runs, newest first; undefined where they press Escape. */
export async function pickRun(
  agent: AgentClient,
  { title, fits, offers, none }: WantedRuns,
): Promise<string | undefined> {
  const { runs } = await agent.request(listRuns, { limit: listed });
  const fitting = runs.filter(run => fits(run, runs));
  const offered =
    offers === undefined ? fitting : (await recordsOf(agent, fitting)).filter(record => offers(record, runs));
  const items = offered.map(run => runItem(run, Date.now()));
  if (items.length === 0) throw new Error(none);
  const options = { title, matchOnDescription: true, matchOnDetail: true };
  return (await pick(items, options))?.id;
}

/** Lets a person choose a step that runs now, in the background or not. */
export async function pickRunningStep(agent: AgentClient): Promise<StepPlace | undefined> {
  const { runs } = await agent.request(listRuns, { limit: mostRecords });
  const records = await recordsOf(agent, runs);
  const now = Date.now();
  const items = records.flatMap(run =>
    run.steps.filter(goesOn).map(step => {
      const { label, description } = stepRow(step, now);
      return {
        label,
        description,
        detail: vscode.workspace.asRelativePath(run.file),
        run: run.id,
        step: step.index,
      };
    }),
  );
  if (items.length === 0) throw new Error('No step runs now.');
  return pick(items, { title: 'Stop Which Step?', matchOnDetail: true });
}

export const runsThat = {
  go: {
    title: 'Stop Which Run?',
    fits: ({ state }) => state === 'running',
    none: 'Nothing runs now.',
  },
  ended: {
    title: 'Run Which Again?',
    fits: ({ state }) => state !== 'running',
    none: 'No run has ended yet.',
  },
  canCompare: {
    title: 'Compare Which Run?',
    fits: (run, runs) =>
      run.state !== 'running' &&
      runs.some(({ id, file, state }) => id !== run.id && file === run.file && state !== 'running'),
    none: 'No runbook has two runs that have ended yet.',
  },
  canResume: { title: 'Resume Which Run?', fits: stopped, none: 'No run stopped before its end.' },
  canRollBack: {
    title: 'Roll Which Run Back?',
    fits: stopped,
    offers: (run, runs) => undoable(run) > 0 && !isRolledBack(run, runs),
    none: 'None of the last runs that stopped before their end has anything to undo: no step with a rollback cell has run.',
  },
} as const satisfies Record<string, WantedRuns>;

async function recordsOf(agent: AgentClient, runs: readonly RunSummary[]): Promise<RunRecord[]> {
  const newest = runs.slice(0, mostRecords);
  return Promise.all(newest.map(async ({ id }) => (await agent.request(getRun, { run: id })).run));
}

function stopped({ state }: RunSummary): boolean {
  return state !== 'running' && state !== 'passed';
}

function goesOn({ state, startedAt, background }: StepRecord): boolean {
  const now = startedAt !== undefined && !hasEnded(state);
  return now || background === 'running' || background === 'detached';
}

function runItem(run: RunSummary, now: number) {
  const { label, description } = runRow(run, now);
  return { label, description, detail: vscode.workspace.asRelativePath(run.file), id: run.id };
}
