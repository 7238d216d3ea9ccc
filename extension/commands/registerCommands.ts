import * as vscode from 'vscode';
import { fileOf } from '../../agent/protocol/fileOf';
import { getRun } from '../../agent/protocol/runs';
import { resetSession } from '../../agent/protocol/sessions';
import type { Folders } from '../../agent/folders';
import type { AgentClient } from '../agent/agentClient';
import { pickAgentAction } from '../agent/agentStatus';
import { errorText } from '../agent/errorText';
import { restartAgent } from '../agent/restartAgent';
import type { RunFeed } from '../agent/runFeed';
import type { Log } from '../log';
import type { Approvals } from '../notebook/approvals';
import type { EditorSecrets } from '../notebook/editorSecrets';
import type { OpenNotebooks } from '../notebook/openNotebooks';
import type { Questions } from '../notebook/questions';
import { sayRestricted } from '../notebook/runCells';
import { pickRunbook } from '../views/runbooks/pickRunbook';
import type { RunbookIndex } from '../views/runbooks/runbookIndex';
import type { RunbooksProvider } from '../views/runbooks/runbooksProvider';
import { cellIn, placeOf, targetOf, uriOf } from './arguments';
import { helmCommands } from './clusters/helmCommands';
import { changeCommands } from './clusters/changeCommands';
import { podCommands } from './clusters/podCommands';
import { manifestCommands } from './clusters/manifestCommands';
import { clusterCommands, type ClusterParts } from './clusters/clusterCommands';
import { containerCommands, type ContainerParts } from './containers/containerCommands';
import { knowsPods, pickPod, targetOfMenu } from './clusters/podTargetOf';
import type { HealthParts } from '../health/openHealth';
import { healthCommands } from './health/healthCommands';
import { insertTarget } from './containers/insertTarget';
import { runCellHere } from './containers/runCellHere';
import { compareRun } from './history';
import { commands } from './names';
import { openAsRunbook, openAsText, openAt, goToLine } from './openEditors';
import { pickRun, pickRunningStep, runsThat, type WantedRuns } from './pickRun';
import { openReport, saveReport } from './reports';
import type { RunCommands } from './runCommands';
import { searchOutput } from './searchOutput';
import { forgetSecret, setSecret } from './secretCommands';
import { showPlan } from './showPlan';
import { copyOutput, isLast, openOutput, readStep, showAgentLog, stop } from './stepCommands';
import type { VirtualPages } from './virtualPages';
import { askText, pick } from '../quickInput';

/** What the commands act on. */
export interface CommandTargets {
  readonly agent: AgentClient;
  readonly feed: RunFeed;
  readonly folders: Folders;
  readonly log: Log;
  readonly notebooks: OpenNotebooks;
  readonly runs: RunCommands;
  readonly index: RunbookIndex;
  readonly runbooks: RunbooksProvider;
  readonly pages: VirtualPages;
  readonly approvals: Approvals;
  readonly questions: Questions;
  readonly secrets: EditorSecrets;
  readonly health: HealthParts;
  readonly containers: ContainerParts;
  readonly clusters: ClusterParts;
}

/** Arguments come from menus, lenses, trees and other extensions: nothing is taken for granted about them. */
type Handler = (first: unknown, second: unknown) => unknown;

/** Registers every command of package.json. A failure is told to the person, once, here. */
export function registerCommands(targets: CommandTargets): vscode.Disposable {
  const handlers: Record<keyof typeof commands, Handler> = {
    ...editorCommands(),
    ...runningCommands(targets),
    ...historyCommands(targets),
    ...secretCommands(targets),
    ...treeCommands(targets),
    ...trustedOnly(healthCommands(targets.agent, targets.health.feed, targets.pages)),
    ...trustedOnly(containerCommands(targets.containers)),
    ...trustedOnly(clusterCommands(targets.clusters)),
    ...trustedOnly(manifestCommands(targets.clusters)),
    ...trustedOnly(helmCommands(targets.clusters)),
    ...trustedOnly(podCommands(targets.clusters)),
    ...trustedOnly(changeCommands(targets.clusters)),
    ...trustedOnly(targetCommands(targets)),
  };
  const registered = Object.entries(handlers).map(([key, handler]) =>
    vscode.commands.registerCommand(
      commands[key as keyof typeof commands],
      async (first: unknown, second: unknown) => {
        try {
          await handler(first, second);
        } catch (error) {
          targets.log.error(`command ${key} failed`, error);
          void vscode.window.showErrorMessage(errorText(error));
        }
      },
    ),
  );
  return vscode.Disposable.from(...registered);
}

function editorCommands() {
  return {
    openAsRunbook: first => withUri(first, openAsRunbook),
    openAsText: first => withUri(first, openAsText),
    openAt: (first, line) => withUri(first, uri => openAt(uri, lineOf(line))),
    goToLine: (first, line) => withUri(first, uri => goToLine(uri, lineOf(line))),
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
}

function runningCommands({ agent, feed, folders, log, notebooks, runs, pages, ...asking }: CommandTargets) {
  const { approvals, questions } = asking;
  return {
    runWithInputs: first => whereTrusted(() => withUri(first, uri => runs.runWithInputs(uri))),
    showPlan: first =>
      whereTrusted(() =>
        withUri(first, uri => showPlan(agent, pages, uri, runs.inputsOf(uri), cellIn(first))),
      ),
    answerStep: first =>
      whereTrusted(async () => {
        if (first === undefined)
          return withRunOf(agent, first, runsThatAsk(questions), run => approvals.askFor(run));
        if (isRunRow(first)) return approvals.askFor(first.id);
        const { run, step } = placeOf(first, notebooks);
        return approvals.ask(run, step);
      }),
    stopStep: first =>
      whereTrusted(async () => {
        const place = first === undefined ? await pickRunningStep(agent) : placeOf(first, notebooks);
        if (place !== undefined) await stop(agent, place.run, place.step);
      }),
    runCell: (first, second) => whereTrusted(async () => runs.runCell(targetOf(first, second))),
    runRunbook: first => whereTrusted(() => withUri(first, uri => runs.runAll(uri))),
    resetSession: first => whereTrusted(() => withUri(first, uri => reset(agent, runs, uri))),
    restartAgent: () => whereTrusted(() => restartAgent(agent, feed, log)),
    showAgentLog: () => showAgentLog(folders),
    agentActions: () => pickAgentAction(agent.state),
    copyOutput: first => copyOutput(agent, placeOf(first, notebooks)),
    openOutput: first => openOutput(agent, placeOf(first, notebooks)),
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
}

function treeCommands({ agent, index, notebooks, runbooks, runs }: CommandTargets) {
  return {
    refreshRunbooks: () => index.refresh(),
    filterRunbooks: () => askFilter(runbooks),
    clearFilter: () => runbooks.setFilter(''),
    pickRunbook: () => pickRunbook(index),
    stopRun: first => whereTrusted(() => withRunOf(agent, first, runsThat.go, run => stop(agent, run))),
    openRun: async first =>
      openAsRunbook(vscode.Uri.file((await agent.request(getRun, { run: runIdOf(first) })).run.file)),
    openStep: async first => {
      const { run, step } = await readStep(agent, placeOf(first, notebooks));
      await runs.showStep(vscode.Uri.file(fileOf(run, step)), step);
    },
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
}

function targetCommands({ containers, clusters, runs, index }: CommandTargets) {
  const inContainer = (first: unknown) =>
    containers.targets.cellTarget(first, 'Run the Cell in Which Container?');
  const targetAt = async (first: unknown) => {
    const inPod = targetOfMenu(clusters, first);
    if (inPod !== undefined || first !== undefined || !knowsPods(clusters))
      return inPod ?? inContainer(first);
    const places = [{ label: 'Container' }, { label: 'Pod' }];
    const place = await pick(places, { title: 'Run the Cell in What?' });
    if (place === undefined) return undefined;
    return place.label === 'Pod' ? pickPod(clusters, 'Run the Cell in Which Pod?') : inContainer(first);
  };
  return {
    insertTarget: async first => {
      const target = await targetAt(first);
      if (target !== undefined) await insertTarget(target);
    },
    runCellHere: async first => {
      const target = await targetAt(first);
      if (target !== undefined) await runCellHere(target, runs, index);
    },
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
}

function historyCommands({ agent, pages, runs, notebooks }: CommandTargets) {
  const goOn = (first: unknown, wanted: WantedRuns, how: 'resume' | 'rerun' | 'rollback') =>
    whereTrusted(() => {
      const shown = first === undefined || isRunRow(first) ? first : { id: placeOf(first, notebooks).run };
      return withRunOf(agent, shown, wanted, async id =>
        runs.goOn((await agent.request(getRun, { run: id })).run, how),
      );
    });
  const ended = (first: unknown, title: string, action: (run: string) => Promise<unknown>) =>
    whereTrusted(() => withRunOf(agent, first, { ...runsThat.ended, title }, action));
  return {
    runAgain: first => goOn(first, runsThat.ended, 'rerun'),
    resumeRun: first => goOn(first, runsThat.canResume, 'resume'),
    rollBackRun: first => goOn(first, runsThat.canRollBack, 'rollback'),
    compareRun: first =>
      whereTrusted(() => withRunOf(agent, first, runsThat.canCompare, run => compareRun(agent, pages, run))),
    openReport: first => ended(first, 'Report of Which Run?', run => openReport(agent, run)),
    saveReport: first => ended(first, 'Save the Report of Which Run?', run => saveReport(agent, run)),
    searchOutput: async () => {
      const place = await searchOutput(agent);
      if (place === undefined) return;
      const { run, step } = await readStep(agent, place);
      await runs.showStep(vscode.Uri.file(fileOf(run, step)), step);
      // Its cell shows what ran last, which need not be what was found.
      if (!(await isLast(agent, run.file, place))) await openOutput(agent, place);
    },
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
}

function secretCommands({ secrets }: CommandTargets) {
  return {
    setSecret: () => setSecret(secrets),
    forgetSecret: () => forgetSecret(secrets),
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
}

/** The same commands, for trusted workspaces. */
function trustedOnly<H extends Readonly<Record<string, Handler>>>(handlers: H): H {
  const wrapped = Object.entries(handlers).map(([key, handler]): [string, Handler] => [
    key,
    (first, second) => whereTrusted(() => Promise.resolve(handler(first, second))),
  ]);
  // The same keys, each with a handler.
  return Object.fromEntries(wrapped) as H;
}

async function whereTrusted(action: () => Promise<unknown>): Promise<void> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  await action();
}

async function withUri(first: unknown, action: (uri: vscode.Uri) => Promise<unknown>): Promise<void> {
  const uri = uriOf(first);
  if (uri === undefined) void vscode.window.showInformationMessage('Open a Markdown file first.');
  else await action(uri);
}

async function reset(agent: AgentClient, runs: RunCommands, uri: vscode.Uri): Promise<void> {
  await agent.request(resetSession, { file: uri.fsPath });
  runs.forgetInputs(uri);
  vscode.window.setStatusBarMessage(
    `The session of ${vscode.workspace.asRelativePath(uri)} starts anew.`,
    3000,
  );
}

async function askFilter(runbooks: RunbooksProvider): Promise<void> {
  const filter = await askText({
    title: 'Filter Runbooks',
    prompt: 'A part of a path, a heading, a cell’s name or command',
    value: runbooks.filter,
  });
  if (filter !== undefined) runbooks.setFilter(filter);
}

function lineOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 1;
}

/** Acts on the run of a row; called without one, as from the palette, on one that the person chooses. */
async function withRunOf(
  agent: AgentClient,
  first: unknown,
  wanted: WantedRuns,
  action: (run: string) => Promise<unknown>,
): Promise<void> {
  const run = first === undefined ? await pickRun(agent, wanted) : runIdOf(first);
  if (run !== undefined) await action(run);
}

function runsThatAsk(questions: Pick<Questions, 'ofRun'>): WantedRuns {
  return {
    title: 'Answer Which Run?',
    fits: ({ id }) => questions.ofRun(id) !== undefined,
    none: 'No run waits for an approval.',
  };
}

function runIdOf(node: unknown): string {
  if (isRunRow(node)) return node.id;
  throw new Error('Choose a run in the Runs view.');
}

function isRunRow(value: unknown): value is { id: string } {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string';
}
