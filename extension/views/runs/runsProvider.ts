import * as vscode from 'vscode';
import { getRun, type RunRecord, type RunSummary, type StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { RunChange, RunFeed } from '../../agent/runFeed';
import { commands } from '../../commands/names';
import { coalesce } from '../coalesce';
import { paged, pageSize } from '../paged';
import { SingleFlight } from '../singleFlight';
import { runItem, stepItem } from './runItems';

/** A row of the Runs view. Rows of the same run or step are the same object, so that VS Code keeps what is expanded. */
export type RunNode =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'step'; readonly run: string; readonly index: number }
  | { readonly kind: 'more' }
  | { readonly kind: 'message'; readonly text: string };

const refreshMs = 300;
const tickMs = 1000;

/** The Runs view: what goes on now and what was, newest first; steps below each run. */
export class RunsProvider implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #feed: RunFeed;
  readonly #changed = new vscode.EventEmitter<RunNode[] | undefined>();
  readonly #refresh = coalesce<RunNode>(refreshMs, nodes => this.#changed.fire(nodes && [...nodes]));
  readonly #subscriptions: vscode.Disposable[];
  readonly #nodes = new Map<string, RunNode>();
  readonly #reads = new SingleFlight<RunRecord>();
  readonly #records = new Map<string, RunRecord>();
  #ticking: NodeJS.Timeout | undefined;
  #visible = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(agent: AgentClient, feed: RunFeed) {
    this.#agent = agent;
    this.#feed = feed;
    this.#subscriptions = [
      feed.onDidAdvance(changes => this.#take(changes)),
      feed.onDidList(() => this.#listed()),
    ];
  }

  /** The view was shown or hidden: times tick only where somebody can see them. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) void this.#agent.connectQuietly();
    this.#tick();
  }

  getChildren(node?: RunNode): RunNode[] | Promise<RunNode[]> {
    if (node === undefined) return this.#roots();
    return node.kind === 'run' ? this.#steps(node.id) : [];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if (node.kind === 'run') {
      const run = this.#feed.run(node.id);
      return run === undefined ? new vscode.TreeItem(node.id) : runItem(run, Date.now());
    }
    if (node.kind === 'step') {
      const record = this.#records.get(node.run);
      const step = record?.steps.find(({ index }) => index === node.index);
      return record && step ? stepItem(record, step, Date.now()) : new vscode.TreeItem(String(node.index));
    }
    const item = new vscode.TreeItem(node.kind === 'more' ? 'Older runs…' : node.text);
    if (node.kind === 'more') item.command = { command: commands.moreRuns, title: 'Show Older Runs' };
    return item;
  }

  dispose(): void {
    clearInterval(this.#ticking);
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #roots(): RunNode[] {
    const runs = this.#feed.runs.map(run => this.#node(run.id, { kind: 'run', id: run.id }));
    return this.#feed.more ? [...runs, this.#node('more', { kind: 'more' })] : runs;
  }

  async #steps(id: string): Promise<RunNode[]> {
    try {
      // What is kept is kept up to date by the changes that come.
      const run = this.#records.get(id) ?? (await this.#reads.read(id, () => this.#read(id)));
      const { items, left } = paged(stepsInView(run), pageSize);
      const rows = items.map(({ index }) =>
        this.#node(`${id}/${String(index)}`, { kind: 'step', run: id, index }),
      );
      return left === 0 ? rows : [...rows, { kind: 'message', text: `and ${String(left)} more` }];
    } catch (error) {
      return [{ kind: 'message', text: `The steps cannot be read. ${errorText(error)}` }];
    }
  }

  async #read(id: string): Promise<RunRecord> {
    const { run } = await this.#agent.request(getRun, { run: id });
    this.#records.set(id, run);
    return run;
  }

  #node(key: string, fresh: RunNode): RunNode {
    const known = this.#nodes.get(key) ?? fresh;
    this.#nodes.set(key, known);
    return known;
  }

  #listed(): void {
    // After a new connection a run may have ended unseen: what is kept of its steps is read again.
    this.#reads.forget();
    this.#records.clear();
    this.#refresh.fire(undefined);
    this.#tick();
  }

  #take(changes: readonly RunChange[]): void {
    for (const { run, steps } of changes) {
      const node = this.#nodes.get(run.id);
      // A run that is not in the tree yet changes its root.
      this.#refresh.fire(node);
      this.#keepSteps(run, steps);
    }
    this.#tick();
  }

  #keepSteps(run: RunSummary, steps: readonly StepRecord[]): void {
    const record = this.#records.get(run.id);
    if (record === undefined) return;
    const changed = new Map(steps.map(step => [step.index, step]));
    this.#records.set(run.id, {
      ...record,
      ...run,
      steps: record.steps.map(step => changed.get(step.index) ?? step),
    });
  }

  #tick(): void {
    const wanted = this.#visible && this.#going().length > 0;
    if (wanted && this.#ticking === undefined) {
      this.#ticking = setInterval(() => {
        for (const node of this.#going()) this.#refresh.fire(node);
      }, tickMs);
    } else if (!wanted) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
  }

  #going(): RunNode[] {
    return this.#feed.runs
      .filter(run => run.state === 'running')
      .flatMap(run => this.#nodes.get(run.id) ?? []);
  }
}

/** In order; of more than fit, those that did not pass come first. */
function stepsInView({ steps }: RunRecord): readonly StepRecord[] {
  if (steps.length <= pageSize) return steps;
  const passed = (step: StepRecord) => step.state === 'passed';
  return [...steps.filter(step => !passed(step)), ...steps.filter(passed)];
}
