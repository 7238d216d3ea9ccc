import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import { listRuns, type RunRecord, type RunState } from '../../agent/protocol/runs';
import { prerequisites } from '../../agent/runbook/prerequisites';
import { runbookName } from '../../agent/runbook/runbookName';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { RunFeed } from '../agent/runFeed';
import type { Log } from '../log';
import { notebookText } from '../notebook/notebookText';
import type { NotebookRuns } from '../notebook/notebookRuns';
import type { Turns } from '../notebook/turns';
import { pick } from '../quickInput';
import { openAsRunbook } from './openEditors';

interface Ports {
  readonly agent: AgentClient;
  readonly feed: RunFeed;
  readonly turns: Turns;
  readonly log: Log;
}

interface Due {
  readonly file: string;
  /** How its last run ended. */
  readonly last: RunState | undefined;
}

/** Offers what a runbook is meant to be run after, and what has not passed the last time, before anything of it runs. */
export class Prerequisites {
  readonly #ports: Ports;
  readonly #runAll: (uri: vscode.Uri) => Promise<RunRecord | undefined>;
  /** Runbooks that the person wants to be run without: nobody is asked twice in a window. */
  readonly #without = new Set<string>();

  constructor(ports: Ports, runAll: (uri: vscode.Uri) => Promise<RunRecord | undefined>) {
    this.#ports = ports;
    this.#runAll = runAll;
  }

  /** Whether the whole runbook is to be run now. What the person wants to be run first has passed by then. */
  async first(runs: NotebookRuns): Promise<boolean> {
    const { notebook } = runs;
    const { fsPath: file } = notebook.uri;
    if (!vscode.workspace.isTrusted || this.#without.has(file)) return true;
    const due = await this.#due(notebook);
    if (due.length === 0) return true;
    const choice = await this.#ports.turns.take(() => ask(file, due));
    if (choice === 'without') this.#without.add(file);
    if (choice === 'open') await openAsRunbook(vscode.Uri.file(due[0]?.file ?? file));
    if (choice !== 'first') return choice === 'without';
    for (const one of due) if (!(await this.#passes(one.file, runs.closed))) return false;
    await openAsRunbook(notebook.uri);
    return !notebook.isClosed;
  }

  /** None where that cannot be known: running then tells why. */
  async #due(notebook: vscode.NotebookDocument): Promise<Due[]> {
    try {
      const folder = dirname(notebook.uri.fsPath);
      const found = prerequisites(notebookText(notebook).runbook);
      const files = [...new Set(found.map(({ file }) => resolve(folder, file)))];
      const states = await Promise.all(
        files.map(async file => ({ file, last: await this.#last(file), there: await isThere(file) })),
      );
      return states.filter(({ last, there }) => there && last !== 'passed');
    } catch (error) {
      this.#ports.log.info('prerequisites cannot be looked up', { reason: errorText(error) });
      return [];
    }
  }

  async #last(file: string): Promise<RunState | undefined> {
    return (await this.#ports.agent.request(listRuns, { file, limit: 1 })).runs[0]?.state;
  }

  /** Runs a runbook, and waits for its end. */
  async #passes(file: string, signal: AbortSignal): Promise<boolean> {
    const run = await this.#runAll(vscode.Uri.file(file));
    if (run === undefined) return false;
    return (await this.#ended(run.id, signal)) === 'passed';
  }

  #ended(run: string, signal: AbortSignal): Promise<RunState | undefined> {
    const { feed } = this.#ports;
    return new Promise(resolve => {
      const look = () => {
        const state = feed.run(run)?.state;
        if (state === 'running' && !signal.aborted) return;
        subscriptions.dispose();
        resolve(signal.aborted ? undefined : state);
      };
      signal.addEventListener('abort', look, { once: true });
      const subscriptions = vscode.Disposable.from(
        feed.onDidAdvance(look),
        feed.onDidList(look),
        new vscode.Disposable(() => signal.removeEventListener('abort', look)),
      );
      look();
    });
  }
}

async function isThere(file: string): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.file(file)).then(
    () => true,
    () => false,
  );
}

type Choice = vscode.QuickPickItem & { readonly does: 'open' | 'first' | 'without' };

function standing({ last }: Due): string {
  if (last === undefined) return 'has never been run';
  return last === 'running'
    ? 'is running now'
    : `has ${last === 'failed' ? '' : 'been '}${last} the last time`;
}

/** The first choice runs nothing, and neither does Escape. */
async function ask(file: string, due: readonly Due[]): Promise<Choice['does'] | undefined> {
  const [first] = due;
  if (first === undefined) return 'without';
  const name = runbookName(first.file);
  const more = due.length === 1 ? '' : ` and ${String(due.length - 1)} more`;
  const items: Choice[] = [
    { label: `Open ${name}`, description: 'run nothing', does: 'open' },
    { label: `Run ${name}${more} First`, description: `then ${runbookName(file)}`, does: 'first' },
    { label: 'Run Without', description: `only ${runbookName(file)}`, does: 'without' },
  ];
  const choice = await pick(items, {
    title: `${runbookName(file)} is meant to be run after ${name}${more}`,
    placeHolder: `${name} ${standing(first)}. Escape runs nothing.`,
    ignoreFocusOut: true,
  });
  return choice?.does;
}
