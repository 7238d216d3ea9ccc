import * as vscode from 'vscode';
import { cancelRun, type RunRecord } from '../../agent/protocol/runs';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { RunFeed } from '../agent/runFeed';
import type { Log } from '../log';
import { planOf } from './showPlan';
import { unlinked } from '../unlinked';

interface Ports {
  readonly agent: AgentClient;
  readonly feed: RunFeed;
  readonly log: Log;
}

/** Says once for each file that it names runbooks to be run before it which have not passed. */
export class Prerequisites {
  readonly #ports: Ports;
  readonly #runAll: (uri: vscode.Uri) => Promise<void>;
  readonly #said = new Set<string>();

  constructor(ports: Ports, runAll: (uri: vscode.Uri) => Promise<void>) {
    this.#ports = ports;
    this.#runAll = runAll;
  }

  /** Looks what a whole run that has just begun should have had before it. Never rejects. */
  async say(run: RunRecord, uri: vscode.Uri): Promise<void> {
    const { agent, log } = this.#ports;
    if (this.#said.has(run.file)) return;
    try {
      const { prerequisites } = await planOf(agent, uri, run.inputs ?? {});
      const due = prerequisites.filter(({ last }) => last !== 'passed');
      if (due.length === 0) return;
      this.#said.add(run.file);
      const file = due[0]?.file;
      // Nobody waits for an answer to a hint.
      if (file !== undefined) void this.#offer(run, file, due.length);
    } catch (error) {
      log.info('prerequisites cannot be looked up', { reason: errorText(error) });
    }
  }

  async #offer(run: RunRecord, file: string, number: number): Promise<void> {
    const others = number === 1 ? '' : ` and ${String(number - 1)} more`;
    const first = 'Run It First';
    const choice = await vscode.window.showInformationMessage(
      unlinked(
        `${runbookName(run.file)} is meant to be run after ${runbookName(file)}${others}, which has not passed yet.`,
      ),
      first,
    );
    if (choice !== first) return;
    try {
      if (this.#ports.feed.run(run.id)?.state === 'running')
        await this.#ports.agent.request(cancelRun, { run: run.id });
      await this.#runAll(vscode.Uri.file(file));
    } catch (error) {
      void vscode.window.showErrorMessage(errorText(error));
    }
  }
}
