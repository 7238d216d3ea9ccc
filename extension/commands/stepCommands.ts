import { join } from 'node:path';
import * as vscode from 'vscode';
import { exportOutput, outputText } from '../../agent/protocol/output';
import { cancelRun, getRun, lastSteps, type RunRecord, type StepRecord } from '../../agent/protocol/runs';
import type { Folders } from '../../agent/folders';
import type { AgentClient } from '../agent/agentClient';
import { lineNow } from '../notebook/lineNow';
import type { StepCommand } from '../renderer/messages';
import { commands } from './names';
import { goToLine } from './openEditors';

/** A step, by its run. */
export interface StepPlace {
  readonly run: string;
  readonly step: number;
}

/** How much of an output is copied at most; more is what an editor is for. */
const mostCopied = 8 * 1024 * 1024;

/** Puts a step's output on the clipboard, or the part of it that the person selected. */
export async function copyOutput(
  agent: AgentClient,
  { run, step }: StepPlace,
  selection?: string,
): Promise<void> {
  const whole = async () => agent.request(outputText, { run, step, maxBytes: mostCopied });
  const { text, cut } = selection === undefined ? await whole() : { text: selection, cut: false };
  await vscode.env.clipboard.writeText(text);
  const note = cut ? 'Copied the end of the output; the whole of it can be opened in an editor.' : 'Copied.';
  vscode.window.setStatusBarMessage(note, 3000);
}

/** Opens a step's whole recorded output in an editor. */
export async function openOutput(agent: AgentClient, { run, step }: StepPlace): Promise<void> {
  const { path } = await agent.request(exportOutput, { run, step });
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(path), { preview: true });
}

/** Stops a run, or one step of it. */
export async function stop(agent: AgentClient, run: string, step?: number): Promise<void> {
  await agent.request(cancelRun, { run, ...(step === undefined ? {} : { step }) });
}

/** Reads a step from the record. */
export async function readStep(
  agent: AgentClient,
  { run, step }: StepPlace,
): Promise<{ run: RunRecord; step: StepRecord }> {
  const { run: record } = await agent.request(getRun, { run });
  const found = record.steps.find(({ index }) => index === step);
  if (found === undefined) throw new Error('The run has no such step any more.');
  return { run: record, step: found };
}

/** Whether a step is what its cell shows: the last of it that was recorded. */
export async function isLast(agent: AgentClient, file: string, { run, step }: StepPlace): Promise<boolean> {
  const { steps } = await agent.request(lastSteps, { file });
  return steps.some(last => last.run === run && last.step.index === step);
}

/** Shows the agent's log, or says where it would be. */
export async function showAgentLog(folders: Folders): Promise<void> {
  const log = vscode.Uri.file(join(folders.logs, 'agent.log'));
  try {
    await vscode.window.showTextDocument(log, { preview: true });
  } catch {
    void vscode.window.showInformationMessage(`There is no log yet; it would be ${log.fsPath}.`);
  }
}

/** Does what a person asked for from within an output. */
export async function doStepCommand(
  agent: AgentClient,
  place: StepPlace,
  command: StepCommand,
  runs: {
    runStep(notebook: vscode.NotebookDocument, run: RunRecord, step: StepRecord): Promise<void>;
    goOn(run: RunRecord, how: 'resume'): Promise<void>;
  },
  editor: vscode.NotebookEditor,
): Promise<void> {
  switch (command.command) {
    case 'runAgain': {
      const { run, step } = await readStep(agent, place);
      return runs.runStep(editor.notebook, run, step);
    }
    case 'resume':
      return runs.goOn((await readStep(agent, place)).run, 'resume');
    case 'openOutput':
      return openOutput(agent, place);
    case 'stop':
      return stop(agent, place.run, place.step);
    case 'restartAgent':
      return vscode.commands.executeCommand(commands.restartAgent);
    case 'showLog':
      return vscode.commands.executeCommand(commands.showAgentLog);
    case 'copyOutput':
      return copyOutput(agent, place, command.selection);
    case 'goToLine':
      return goToLine(
        editor.notebook.uri,
        lineNow(editor.notebook, (await readStep(agent, place)).step, command.line),
      );
    case 'openLink':
      await vscode.env.openExternal(vscode.Uri.parse(command.url, true));
  }
}
