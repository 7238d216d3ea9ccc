import * as vscode from 'vscode';
import type { Log } from './log';

/** The window's log, in the Output panel under *Handrail*. */
export function openLog(): Log & vscode.Disposable {
  const channel = vscode.window.createOutputChannel('Handrail', { log: true });
  return {
    info: (message, data) => channel.info(message, ...(data === undefined ? [] : [data])),
    warn: (message, data) => channel.warn(message, ...(data === undefined ? [] : [data])),
    error: (message, cause) =>
      channel.error(message, cause instanceof Error ? (cause.stack ?? cause.message) : cause),
    dispose: () => channel.dispose(),
  };
}
