import * as vscode from 'vscode';
import { getRun, type RunRecord, type RunSummary, type StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { RunChange, RunFeed } from '../../agent/runFeed';
import type { Questions } from '../../notebook/questions';
import { coalesce } from '../coalesce';
import { inPages, moreId, pageSize, type MoreRow, type Rows } from '../inPages';
import { moreItem } from '../moreItem';
import { SingleFlight } from '../singleFlight';
import type { BackgroundSteps } from './backgroundSteps';
import { backgroundItem, runItem, stepItem } from './runItems';
import { runTooltip } from './runTooltip';

/** A row of the Runs view. Rows of the same run or step are the same object, so that VS Code keeps what is expanded. */
export type RunNode =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'step'; readonly run: string; readonly index: number }
  /** A step that goes on in the background, above all runs. */
  | { readonly kind: 'background'; readonly run: string; readonly index: number }
  | MoreRow<RunNode>
  | { readonly kind: 'message'; readonly text: string };

const refreshMs = 300;
const tickMs = 1000;
/** As many as the agent gives at once. */
const runsAtOnce = 100;

/** The Runs view: what goes on now and what was, newest first; steps below each run. */
export class RunsProvider implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  readonly #agent: AgentClient;
  readonly #feed: RunFeed;
  readonly #questions: Pick<Questions, 'ofRun' | 'onDidChange'>;
  readonly #background: BackgroundSteps;
  readonly #changed = new vscode.EventEmitter<RunNode[] | undefined>();
  readonly #refresh = coalesce<RunNode>(refreshMs, nodes => this.#changed.fire(nodes && [...nodes]));
  readonly #subscriptions: vscode.Disposable[];
  readonly #nodes = new Map<string, RunNode>();
  readonly #reads = new SingleFlight<RunRecord>();
  readonly #records = new Map<string, RunRecord>();
  #ticking: NodeJS.Timeout | undefined;
  #visible = false;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    agent: AgentClient,
    feed: RunFeed,
    questions: Pick<Questions, 'ofRun' | 'onDidChange'>,
    background: BackgroundSteps,
  ) {
    this.#agent = agent;
    this.#feed = feed;
    this.#questions = questions;
    this.#background = background;
    this.#subscriptions = [
      feed.onDidAdvance(changes => this.#take(changes)),
      feed.onDidList(() => this.#listed()),
      background.onDidChange(() => this.#refresh.fire(undefined)),
      questions.onDidChange(runs => {
        for (const run of runs) this.#refresh.fire(this.#nodes.get(run));
      }),
    ];
  }

  /** The view was shown or hidden: times tick only where somebody can see them. */
  setVisible(visible: boolean): void {
    this.#visible = visible;
    if (visible) void this.#agent.connectQuietly();
    this.#tick();
  }

  async getChildren(node?: RunNode): Promise<Rows<RunNode>> {
    if (node === undefined) return [...this.#goingOn(), ...this.#runsFrom(0)];
    if (node.kind === 'run') return this.#steps(node.id);
    return node.kind === 'more' ? node.open() : [];
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    if (node.kind === 'run') {
      const run = this.#feed.run(node.id);
      if (run === undefined) return new vscode.TreeItem(node.id);
      return runItem(run, Date.now(), this.#questions.ofRun(run.id)?.step.asks);
    }
    if (node.kind === 'step') {
      const record = this.#records.get(node.run);
      const step = record?.steps.find(({ index }) => index === node.index);
      return record && step ? stepItem(record, step, Date.now()) : new vscode.TreeItem(String(node.index));
    }
    if (node.kind === 'background') {
      const known = this.#background.of(node.run, node.index);
      return known ? backgroundItem(known.run, known.step, Date.now()) : new vscode.TreeItem('ended');
    }
    return node.kind === 'more' ? moreItem(node) : new vscode.TreeItem(node.text);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: RunNode): Promise<vscode.TreeItem> {
    const run = node.kind === 'run' ? this.#feed.run(node.id) : undefined;
    if (run === undefined) return item;
    // The list's own words have to do where the agent cannot be asked.
    const record = await this.#record(run.id).catch(() => undefined);
    item.tooltip = runTooltip({ ...record, ...run }, Date.now());
    return item;
  }

  dispose(): void {
    clearInterval(this.#ticking);
    this.#refresh.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  #goingOn(): RunNode[] {
    return this.#background.steps.map(({ run, step: { index } }) =>
      this.#node(`background ${run.id}/${String(index)}`, { kind: 'background', run: run.id, index }),
    );
  }

  #runsFrom(from: number): Rows<RunNode> {
    const { runs, more } = this.#feed;
    const next = from + runsAtOnce;
    const rows = runs.slice(from, next).map(run => this.#node(run.id, { kind: 'run', id: run.id }));
    // What was not in the tree before could not tick.
    this.#tick();
    if (runs.length <= next && !more) return rows;
    return [
      ...rows,
      { kind: 'more', id: moreId('runs', next), label: 'Older runs…', open: () => this.#older(next) },
    ];
  }

  async #older(from: number): Promise<Rows<RunNode>> {
    try {
      if (this.#feed.runs.length < from + runsAtOnce && this.#feed.more) await this.#feed.readMore();
      return this.#runsFrom(from);
    } catch (error) {
      return [{ kind: 'message', text: `Older runs cannot be read. ${errorText(error)}` }];
    }
  }

  async #steps(id: string): Promise<Rows<RunNode>> {
    try {
      const rows = stepsInView(await this.#record(id)).map(({ index }) =>
        this.#node(`${id}/${String(index)}`, { kind: 'step', run: id, index }),
      );
      return inPages(rows, id);
    } catch (error) {
      return [{ kind: 'message', text: `The steps cannot be read. ${errorText(error)}` }];
    }
  }

  /** What is kept is kept up to date by the changes that come. */
  async #record(id: string): Promise<RunRecord> {
    return this.#records.get(id) ?? (await this.#reads.read(id, () => this.#read(id)));
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
