import * as vscode from 'vscode';
import { getRun } from '../../agent/protocol/runs';
import { resetSession } from '../../agent/protocol/sessions';
import type { Folders } from '../../agent/folders';
import type { AgentClient } from '../agent/agentClient';
import { pickAgentAction } from '../agent/agentStatus';
import { errorText } from '../agent/errorText';
import { restartAgent } from '../agent/restartAgent';
import type { RunFeed } from '../agent/runFeed';
import type { Log } from '../log';
import type { OpenNotebooks } from '../notebook/openNotebooks';
import { sayRestricted } from '../notebook/runCells';
import { pickRunbook } from '../views/runbooks/pickRunbook';
import type { RunbookIndex } from '../views/runbooks/runbookIndex';
import type { RunbooksProvider } from '../views/runbooks/runbooksProvider';
import { placeOf, targetOf, uriOf } from './arguments';
import { commands } from './names';
import { openAsRunbook, openAsText, openAt, goToLine } from './openEditors';
import type { RunCommands } from './runCommands';
import { copyOutput, openOutput, readStep, showAgentLog, stop } from './stepCommands';

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
}

/** Arguments come from menus, lenses, trees and other extensions: nothing is taken for granted about them. */
type Handler = (first: unknown, second: unknown) => unknown;

/** Registers every command of package.json. A failure is told to the person, once, here. */
export function registerCommands(targets: CommandTargets): vscode.Disposable {
  const handlers: Record<keyof typeof commands, Handler> = {
    ...editorCommands(),
    ...runningCommands(targets),
    ...treeCommands(targets),
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

function runningCommands({ agent, feed, folders, log, notebooks, runs }: CommandTargets) {
  return {
    runCell: (first, second) => whereTrusted(async () => runs.runCell(targetOf(first, second))),
    runRunbook: first => whereTrusted(() => withUri(first, uri => runs.runAll(uri))),
    resetSession: first => whereTrusted(() => withUri(first, uri => reset(agent, uri))),
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
    stopRun: first => whereTrusted(() => stop(agent, runIdOf(first))),
    runAgain: first =>
      whereTrusted(async () => runs.runAgain((await agent.request(getRun, { run: runIdOf(first) })).run)),
    openRun: async first =>
      openAsRunbook(vscode.Uri.file((await agent.request(getRun, { run: runIdOf(first) })).run.file)),
    openStep: async first => {
      const { run, step } = await readStep(agent, placeOf(first, notebooks));
      await runs.showStep(vscode.Uri.file(run.file), step);
    },
  } satisfies Partial<Record<keyof typeof commands, Handler>>;
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

async function reset(agent: AgentClient, uri: vscode.Uri): Promise<void> {
  await agent.request(resetSession, { file: uri.fsPath });
  vscode.window.setStatusBarMessage(
    `The session of ${vscode.workspace.asRelativePath(uri)} starts anew.`,
    3000,
  );
}

async function askFilter(runbooks: RunbooksProvider): Promise<void> {
  const filter = await vscode.window.showInputBox({
    title: 'Filter Runbooks',
    prompt: 'A part of a path, a heading, a cell’s name or command',
    value: runbooks.filter,
  });
  if (filter !== undefined) runbooks.setFilter(filter);
}

function lineOf(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 ? value : 1;
}

function runIdOf(node: unknown): string {
  if (typeof node === 'object' && node !== null && 'id' in node && typeof node.id === 'string')
    return node.id;
  throw new Error('Choose a run in the Runs view.');
}
