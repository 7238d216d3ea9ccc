import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { userName } from '../../agent/client/userName';
import type { ClientEnvironment } from '../../agent/protocol/runs';
import { settings } from '../commands/names';
import { cellEnvironment } from './cellEnvironment';

/** The environment in which the cells of a runbook run when this window asks. */
export function clientEnvironment(runbook: vscode.Uri): ClientEnvironment {
  return {
    env: cellEnvironment(process.env),
    cwd: workingFolder(runbook),
    umask: process.umask(),
    user: userName(process.env),
    terminal: { columns: 100, rows: 24 },
  };
}

/** Where the first cell starts: as in a terminal of this window, or beside the runbook. */
function workingFolder(runbook: vscode.Uri): string {
  const choice = vscode.workspace.getConfiguration(undefined, runbook).get<string>(settings.workingFolder);
  const folder = vscode.workspace.getWorkspaceFolder(runbook);
  return choice === 'runbook' || folder === undefined ? dirname(runbook.fsPath) : folder.uri.fsPath;
}
