import type { Selection } from '../../agent/protocol/runs';
import type * as vscode from 'vscode';
import { clientEnvironment } from '../agent/clientEnvironment';
import type { RunRequest } from './startAsked';

/** What this window asks to be run: a person looks on, and answers when a step asks. */
export function runRequest(
  uri: vscode.Uri,
  text: string,
  selection: Selection,
  more: Pick<RunRequest, 'inputs' | 'continues' | 'target' | 'targetOf'> = {},
): RunRequest {
  return {
    file: uri.fsPath,
    text,
    selection,
    environment: clientEnvironment(uri),
    by: 'editor',
    session: 'kept',
    attended: true,
    asks: true,
    ...more,
  };
}
