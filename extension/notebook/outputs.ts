import * as vscode from 'vscode';
import type { StepRecord } from '../../agent/protocol/runs';
import type { AgentClient } from '../agent/agentClient';
import type { RunFeed } from '../agent/runFeed';
import { errorText } from '../agent/errorText';
import { doStepCommand } from '../commands/stepCommands';
import type { RunCommands } from '../commands/runCommands';
import type { Log } from '../log';
import { RENDERER_ID } from '../renderer/messages';
import { bridgeOutput } from './outputBridge';

/** Connects the outputs on screen with the agent: they pull what was printed, and send keys and commands. */
export function connectOutputs(parts: {
  readonly agent: AgentClient;
  readonly feed: RunFeed;
  readonly runs: RunCommands;
  readonly log: Log;
}): vscode.Disposable {
  const { agent, feed, runs, log } = parts;
  const stepChanged = new vscode.EventEmitter<{ run: string; step: number; record?: StepRecord }>();
  const connected = new vscode.EventEmitter<void>();
  const source = {
    request: agent.request.bind(agent),
    onStepChanged: stepChanged.event,
    onConnected: connected.event,
  };
  return vscode.Disposable.from(
    stepChanged,
    connected,
    agent.onDidConnect(() => connected.fire()),
    feed.onDidChange(changes => {
      for (const { run, steps, output } of changes) {
        for (const record of steps) stepChanged.fire({ run: run.id, step: record.index, record });
        for (const { step } of output) stepChanged.fire({ run: run.id, step });
      }
    }),
    bridgeOutput(vscode.notebooks.createRendererMessaging(RENDERER_ID), source, {
      command: async (place, command, editor) => {
        try {
          await doStepCommand(agent, place, command, runs, editor);
        } catch (error) {
          void vscode.window.showErrorMessage(errorText(error));
        }
      },
      log: (message, error) => log.error(message, error),
    }),
  );
}
