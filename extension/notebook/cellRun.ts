import * as vscode from 'vscode';
import type { StepRecord } from '../../agent/protocol/runs';
import { hasEnded } from './stepWords';
import { STEP_MIME, stepReference } from '../renderer/messages';
import type { RichOutput } from './rich/richOutput';

/** What a cell's execution needs from the window. */
export interface CellRunPorts {
  /** The end of a step's output as text. */
  text(run: string, step: number): Promise<string>;
  /** The output as more than text, beside the live one, where it is more. */
  rich(run: string, step: StepRecord, text: string): Promise<RichOutput | undefined>;
  /** The number of a step's execution in its notebook. */
  order(run: string, step: number): number;
  /** The notebook does not take what it was told: the execution was taken away under us. */
  failed(error: unknown): void;
}

/** Milliseconds that VS Code may take to learn that an execution is over. */
const lateMs = 1000;

/** One cell's execution in the notebook: shows one step of one run, from when it is asked for until it has ended. */
export class CellRun {
  readonly #execution: vscode.NotebookCellExecution;
  readonly #ports: CellRunPorts;
  #output: vscode.NotebookCellOutput | undefined;
  #tail: Promise<void> = Promise.resolve();
  #shown: { run: string; step: StepRecord } | undefined;
  #refusedAt: number | undefined;
  #begun = false;
  #over = false;
  #freeAt = Infinity;

  constructor(execution: vscode.NotebookCellExecution, ports: CellRunPorts) {
    this.#execution = execution;
    this.#ports = ports;
  }

  get token(): vscode.CancellationToken {
    return this.#execution.token;
  }

  /** The step it shows, or undefined while the run is being asked for. */
  get shown(): { readonly run: string; readonly step: StepRecord } | undefined {
    return this.#shown;
  }

  /** Whether the notebook shows it as waiting or running. */
  get going(): boolean {
    return !this.#over;
  }

  /** Whether VS Code may have it as waiting or running: it learns of the end a little later. */
  get busy(): boolean {
    return Date.now() < this.#freeAt;
  }

  /** When it was told that it is not run, and why, which stands until the cell runs later than that; milliseconds. */
  get refusedAt(): number | undefined {
    return this.#refusedAt;
  }

  /** Brings the cell up to what the record says. */
  show(run: string, step: StepRecord): void {
    this.#shown = { run, step };
    if (this.#over) return;
    if (hasEnded(step.state)) this.#over = true;
    this.#enqueue(() => this.#apply(run, step));
  }

  /** Ends it without a step: nothing was run, for the reason given (none: there is nothing to say). */
  abandon(reason?: string): void {
    if (this.#over) return;
    this.#over = true;
    if (reason !== undefined) this.#refusedAt = Date.now();
    this.#enqueue(async () => {
      this.#begin();
      const said = reason === undefined ? [] : [errorOutput(reason)];
      await this.#execution.replaceOutput(said);
      this.#end(reason === undefined ? undefined : false);
    });
  }

  /**
   * The agent is gone: what was printed stays, and the text says what happened. Where the run is only being asked for
   * nothing is lost: the request fails, or the person still answers.
   */
  lose(reason: string): void {
    if (this.#over || this.#shown === undefined) return;
    const { run, step } = this.#shown;
    this.#over = true;
    this.#enqueue(async () => {
      this.#begin(step.startedAt, this.#ports.order(run, step.index));
      await this.#replace([liveItem(run, step), vscode.NotebookCellOutputItem.text(reason)]);
      this.#end(false, Date.now());
    });
  }

  /** The notebook lost the output of a cell that still runs: it is put back. */
  restore(): void {
    this.#enqueue(async () => {
      if (this.#output === undefined || this.#execution.cell.outputs.length > 0) return;
      await this.#execution.replaceOutput([this.#output]);
    });
  }

  /** The cell is gone from the document. Its step goes on; VS Code only takes another execution once this one is over. */
  detach(): void {
    if (this.#over) return;
    this.#over = true;
    this.#enqueue(() => {
      this.#end(undefined);
      return Promise.resolve();
    });
  }

  /** Settles when the notebook has everything it was told. */
  settled(): Promise<void> {
    return this.#tail;
  }

  async #apply(run: string, step: StepRecord): Promise<void> {
    if (step.state === 'pending') return;
    const ran = step.startedAt !== undefined || step.state === 'failed';
    this.#begin(step.startedAt, ran ? this.#ports.order(run, step.index) : undefined);
    if (!ran) await this.#execution.replaceOutput([]);
    else if (this.#output === undefined) await this.#replace([liveItem(run, step, isPicture(step))]);
    if (!hasEnded(step.state)) return;
    if (ran) {
      const text = await this.#ports.text(run, step.index);
      const rich = await this.#ports.rich(run, step, text);
      const live = liveItem(run, step, rich?.isAll);
      await this.#replace([live, vscode.NotebookCellOutputItem.text(text)]);
      if (rich !== undefined) await this.#execution.appendOutput(rich.output);
    }
    this.#end(success(step), step.endedAt);
  }

  /** A cell that did not run gets no number: those that ran are counted without gaps. */
  #begin(startedAt?: number, order?: number): void {
    if (this.#begun) return;
    this.#begun = true;
    if (order !== undefined) this.#execution.executionOrder = order;
    this.#execution.start(startedAt);
  }

  #end(success: boolean | undefined, time?: number): void {
    this.#freeAt = Date.now() + lateMs;
    this.#execution.end(success, time);
  }

  async #replace(items: vscode.NotebookCellOutputItem[]): Promise<void> {
    if (this.#output === undefined) {
      this.#output = new vscode.NotebookCellOutput(items);
      await this.#execution.replaceOutput([this.#output]);
    } else {
      await this.#execution.replaceOutputItems(items, this.#output);
    }
  }

  #enqueue(work: () => Promise<void>): void {
    this.#tail = this.#tail.then(work).catch((error: unknown) => {
      this.#over = true;
      this.#freeAt = 0;
      this.#ports.failed(error);
    });
  }
}

function liveItem(run: string, step: StepRecord, folded?: boolean): vscode.NotebookCellOutputItem {
  return vscode.NotebookCellOutputItem.json(stepReference(run, step, folded), STEP_MIME);
}

/** The bytes of a picture are nothing to look at, not even while they come. */
function isPicture({ mime }: StepRecord): boolean {
  return mime?.toLowerCase().startsWith('image/') === true;
}

function errorOutput(reason: string): vscode.NotebookCellOutput {
  return new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.stderr(reason)]);
}

function success(step: StepRecord): boolean | undefined {
  switch (step.state) {
    case 'passed':
      return true;
    case 'failed':
    case 'interrupted':
      return false;
    case 'cancelled':
      return step.startedAt === undefined ? undefined : false;
    case 'skipped':
    case 'not-run':
    case 'pending':
    case 'running':
      return undefined;
  }
}
