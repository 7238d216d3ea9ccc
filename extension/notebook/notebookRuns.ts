import * as vscode from 'vscode';
import { fileOf } from '../../agent/protocol/fileOf';
import { outputText } from '../../agent/protocol/output';
import { cancelRun, lastSteps, type RunRecord, type StepRecord } from '../../agent/protocol/runs';
import { matchSteps } from '../../agent/runbook/matchSteps';
import type { AgentClient } from '../agent/agentClient';
import { errorText } from '../agent/errorText';
import type { RunChange, RunFeed } from '../agent/runFeed';
import type { Log } from '../log';
import { CellRun, type CellRunPorts } from './cellRun';
import { declinedFor, isDeclined } from './declined';
import { ExecutionOrders } from './executionOrders';
import type { Moved } from './following';
import type { Kernel } from './kernel';
import { notebookText, type NotebookText } from './notebookText';
import type { Memory, OwnRuns } from './ownRuns';
import { richOutput, type RichOutput } from './rich/richOutput';
import { RunFollower } from './runFollower';
import type { KnownInputs } from './startAsked';
import { hasEnded } from './stepWords';

/** What the runs of a notebook need from the window. */
export interface NotebookRunsPorts {
  readonly agent: AgentClient;
  readonly kernel: Kernel;
  readonly feed: Pick<RunFeed, 'run'>;
  readonly log: Log;
  readonly memory: Memory;
  readonly own: OwnRuns;
}

/** A step as the agent last recorded it, of whichever run. */
interface Recorded {
  readonly run: string;
  readonly step: StepRecord;
}

/** Cells that are shown as waiting while their run is asked for. */
export interface Announced {
  readonly cells: readonly vscode.NotebookCell[];
  /** Aborted where the person stops one of them, or where one or the notebook goes: then nothing is to run. */
  readonly signal: AbortSignal;
}

/** How long a lost cell may take to be known as lost: the document's change comes after the token fires. */
const settleMs = 100;

/**
 * The recorded steps that the cells of one open notebook show. A new run, a reload of the window, a change of the
 * file from outside, an undo and a return of the agent all go through here. Disposed with the notebook.
 */
export class NotebookRuns implements vscode.Disposable {
  readonly notebook: vscode.NotebookDocument;
  /** What was answered for the runbook's inputs; its single cells ask no second time. */
  readonly inputs: KnownInputs = new Map();
  readonly #ports: NotebookRunsPorts;
  readonly #cellPorts: CellRunPorts;
  readonly #cells = new Map<vscode.NotebookCell, CellRun>();
  /** Steps whose output the person cleared, as `run/step`: cells are replaced when the file changes. */
  readonly #cleared = new Set<string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #orders: ExecutionOrders;
  readonly #closed = new AbortController();
  /** Of cells whose run is asked for. */
  readonly #withdrawals = new WeakMap<CellRun, AbortController>();
  #timer: NodeJS.Timeout | undefined;
  readonly #follower: RunFollower;
  #attaching: Promise<void> = Promise.resolve();

  /** Fires when what {@link stepOf} says may have changed. */
  readonly onDidChange = this.#changed.event;

  constructor(notebook: vscode.NotebookDocument, ports: NotebookRunsPorts) {
    this.notebook = notebook;
    this.#ports = ports;
    this.#follower = new RunFollower(notebook);
    this.#orders = new ExecutionOrders(ports.memory, notebook.uri.fsPath);
    this.#cellPorts = {
      text: (run, step) => this.#text(run, step),
      rich: (run, step, text) => this.#rich(run, step, text),
      order: (run, step) => this.#orders.of(`${run}/${String(step)}`),
      failed: error => {
        ports.log.warn('a cell could not be updated', { reason: errorText(error) });
        this.attachSoon();
      },
    };
  }

  /** Aborted when the notebook is closed. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** The step a cell shows, and its run; in words for who looks at it. */
  stepOf(cell: vscode.NotebookCell): Recorded | undefined {
    const shown = this.#cells.get(cell)?.shown;
    return shown && { ...shown, step: declinedFor(shown.step, this.#ports.feed.run(shown.run)) };
  }

  /** Whether a run has not ended, as far as this window has been told. */
  goesOn(run: string): boolean {
    return this.#ports.feed.run(run)?.state === 'running';
  }

  /** Whether VS Code may have a cell as waiting or running, and so leave it out of Run All. */
  isBusy(cell: vscode.NotebookCell): boolean {
    return this.#cells.get(cell)?.busy === true;
  }

  /** Shows cells as waiting, before their run is known; those that already wait or run are left out. */
  begin(cells: readonly vscode.NotebookCell[]): Announced {
    const withdrawal = new AbortController();
    const begun = cells.filter(cell => {
      if (this.#cells.get(cell)?.going === true) return false;
      const cellRun = this.#create(cell);
      if (cellRun !== undefined) this.#withdrawals.set(cellRun, withdrawal);
      return cellRun !== undefined;
    });
    withdrawal.signal.addEventListener('abort', () => this.giveUp(begun), { once: true });
    return { cells: begun, signal: AbortSignal.any([withdrawal.signal, this.#closed.signal]) };
  }

  /** The run that {@link begin} announced is there. Steps of cells that nobody named (`needs`) show up too. */
  bind(run: RunRecord, view: NotebookText, begun: readonly vscode.NotebookCell[]): void {
    const bound = new Set<vscode.NotebookCell>();
    for (const step of run.steps) {
      // A cell of another runbook has its place there, not here.
      const cell = fileOf(run, step) === run.file ? view.cellAt(step.key.index) : undefined;
      if (cell === undefined) continue;
      bound.add(cell);
      const known = this.#cells.get(cell);
      if (isDone(step) && known?.going !== true && known?.shown?.step.state === 'passed') continue;
      const cellRun = known?.going === true && known.shown === undefined ? known : this.#create(cell);
      cellRun?.show(run.id, step);
    }
    this.giveUp(begun.filter(cell => !bound.has(cell)));
    this.#changed.fire();
  }

  /** Ends what {@link begin} announced: there is no run. What the cells showed before comes back. */
  giveUp(cells: readonly vscode.NotebookCell[], reason?: string): void {
    if (cells.length === 0) return;
    for (const cell of cells) this.#cells.get(cell)?.abandon(reason);
    this.attachSoon();
    this.#changed.fire();
  }

  /** Takes what the agent told about a run of this file. */
  take({ run, steps }: RunChange): void {
    let unknown = steps.some(step => fileOf(run, step) === run.file);
    const moved: Moved<vscode.NotebookCell>[] = [];
    for (const [cell, cellRun] of this.#cells) {
      if (cellRun.shown?.run !== run.id) continue;
      unknown = false;
      const before = cellRun.shown.step;
      const step = steps.find(changed => changed.index === before.index);
      if (step === undefined) continue;
      cellRun.show(run.id, step);
      moved.push({ cell, before, step });
    }
    if (this.#ports.own.has(run.id)) this.#follower.follow(run, moved);
    if (unknown) this.attachSoon();
    this.#changed.fire();
  }

  /** The person cleared the cell's output, which therefore stays away. */
  clear(cell: vscode.NotebookCell): void {
    const cellRun = this.#cells.get(cell);
    if (cellRun?.shown !== undefined && !cellRun.going) this.#cleared.add(idOf(cellRun.shown));
  }

  /** The agent is gone: nothing may look as if it still ran. */
  lose(reason: string): void {
    for (const cellRun of this.#cells.values()) cellRun.lose(reason);
    this.#changed.fire();
  }

  /** Has {@link attach} done shortly; many changes make one. */
  attachSoon(): void {
    if (this.#closed.signal.aborted) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#attaching = this.#attaching.then(() => this.attach());
    }, settleMs);
  }

  /** Shows for each cell the last recorded step that is its own. Never rejects. */
  async attach(): Promise<void> {
    try {
      const connection = await this.#ports.agent.connectQuietly();
      if (connection === undefined || !(await this.#ports.kernel.choose(this.notebook))) return;
      const { steps } = await connection.request(lastSteps, { file: this.notebook.uri.fsPath });
      await this.#detachLost();
      if (!this.notebook.isClosed) this.#attachAll(steps);
    } catch (error) {
      this.#ports.log.warn('what ran before cannot be shown', { reason: errorText(error) });
    }
  }

  /** Settles when no cell has anything left to be told. */
  async settled(): Promise<void> {
    await Promise.all([...this.#cells.values()].map(cellRun => cellRun.settled()));
  }

  dispose(): void {
    this.#closed.abort();
    clearTimeout(this.#timer);
    this.#changed.dispose();
    // VS Code takes no other execution for a cell that is opened again while this one is not over.
    for (const cellRun of this.#cells.values()) cellRun.detach();
    this.#cells.clear();
  }

  /** Lets go of cells that are no longer in the document. */
  async #detachLost(): Promise<void> {
    const present = new Set(this.notebook.getCells());
    const lost = [...this.#cells].filter(([cell]) => !present.has(cell));
    for (const [cell, cellRun] of lost) {
      this.#cells.delete(cell);
      cellRun.detach();
    }
    await Promise.all(lost.map(([, cellRun]) => cellRun.settled()));
  }

  #attachAll(steps: readonly Recorded[]): void {
    const view = notebookText(this.notebook);
    const run = { file: this.notebook.uri.fsPath };
    const own = steps.filter(({ step }) => fileOf(run, step) === run.file);
    const matches = matchSteps(
      own.map(({ step }) => step.key),
      view.runbook,
    );
    const inOrder = [...matches.entries()]
      .map(([index, { position }]) => ({ cell: view.cellAt(index), recorded: own[position] }))
      .sort((a, b) => (a.recorded?.step.startedAt ?? 0) - (b.recorded?.step.startedAt ?? 0));
    for (const { cell, recorded } of inOrder) {
      if (cell !== undefined && recorded !== undefined) this.#attachOne(cell, recorded);
    }
    this.#changed.fire();
  }

  #attachOne(cell: vscode.NotebookCell, { run, step }: Recorded): void {
    const known = this.#cells.get(cell);
    const same = known?.shown?.run === run && known.shown.step.index === step.index;
    if (isDone(step) && known?.shown?.step.state === 'passed') return;
    if ((step.startedAt ?? 0) < (known?.refusedAt ?? 0)) return;
    // What was declined is recorded with its run; that the cell had run before is no answer to that.
    if (!same && known?.shown !== undefined && isDeclined(known.shown.step)) {
      const declined = this.#ports.feed.run(known.shown.run)?.startedAt ?? 0;
      if ((step.startedAt ?? 0) < declined) return;
    }
    if (known?.going === true) {
      if (!same) return;
      known.show(run, step);
      known.restore();
    } else if (!this.#cleared.has(idOf({ run, step })) && (!same || isLess(known.shown?.step, step, cell))) {
      this.#create(cell)?.show(run, step);
    }
  }

  #create(cell: vscode.NotebookCell): CellRun | undefined {
    try {
      const cellRun = new CellRun(this.#ports.kernel.createExecution(cell), this.#cellPorts);
      this.#cells.set(cell, cellRun);
      cellRun.token.onCancellationRequested(() => setTimeout(() => this.#cancelled(cell, cellRun), settleMs));
      return cellRun;
    } catch (error) {
      this.#ports.log.warn('no execution for a cell', { reason: errorText(error) });
      return undefined;
    }
  }

  /** Stop, or only the end of what is shown: a cell that is no longer in the document does not stop its step. */
  #cancelled(cell: vscode.NotebookCell, cellRun: CellRun): void {
    if (cellRun.shown === undefined) return this.#withdrawals.get(cellRun)?.abort();
    const present = !this.notebook.isClosed && this.notebook.getCells().includes(cell);
    if (!present || this.#cells.get(cell) !== cellRun) return;
    const { run, step } = cellRun.shown;
    if (!hasEnded(step.state)) void this.#stop(run, step.index);
  }

  async #stop(run: string, step: number): Promise<void> {
    try {
      await this.#ports.agent.request(cancelRun, { run, step });
    } catch (error) {
      void vscode.window.showErrorMessage(`The cell cannot be stopped. ${errorText(error)}`);
    }
  }

  async #rich(run: string, step: StepRecord, text: string): Promise<RichOutput | undefined> {
    try {
      return await richOutput(this.#ports.agent, run, step, text);
    } catch (error) {
      this.#ports.log.warn('an output cannot be shown as what it is', { reason: errorText(error) });
      return undefined;
    }
  }

  async #text(run: string, step: number): Promise<string> {
    try {
      return (await this.#ports.agent.request(outputText, { run, step })).text;
    } catch (error) {
      return `The output cannot be read: ${errorText(error)}`;
    }
  }
}

function idOf({ run, step }: Recorded): string {
  return `${run}/${String(step.index)}`;
}

/** Whether a run only took over that the cell had passed: what it showed then says more. */
function isDone({ state, reason, startedAt }: StepRecord): boolean {
  return state === 'skipped' && reason === 'satisfied' && startedAt === undefined;
}

/** Whether the cell shows less of a step than is recorded. */
function isLess(shown: StepRecord | undefined, step: StepRecord, cell: vscode.NotebookCell): boolean {
  return shown?.state !== step.state || (cell.outputs.length === 0 && step.startedAt !== undefined);
}
