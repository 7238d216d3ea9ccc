import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputSink } from '../../executors/executor';
import type { Redactor } from '../../secrets/types';
import { CapturedStdout } from './capturedStdout';
import type { Variables } from './capturedStdout';
import { longestOutputFile, parseOutputFile } from './outputFile';
import type { PlannedStep } from '../types';

/** What a step gives to later ones: its stdout (`output=`) and what it writes into `$HANDRAIL_OUTPUT`. */
export class StepVariables {
  /** The file that `$HANDRAIL_OUTPUT` names. */
  readonly path: string;
  /** Takes what the cell prints. */
  readonly sink: OutputSink;
  readonly #name: string | undefined;
  readonly #captured: CapturedStdout | undefined;

  /**
   * @param folder private, there, and kept with the run: for what is masked
   * @param path where nothing stays that is not masked
   */
  constructor(step: PlannedStep, sink: OutputSink, redactor: Redactor, folder: string, path: string) {
    const { output } = step.options;
    this.path = path;
    this.#name = output;
    this.#captured =
      output === undefined
        ? undefined
        : new CapturedStdout(sink, redactor, join(folder, `stdout-${step.index}`));
    this.sink = this.#captured ?? sink;
  }

  /** Before each attempt: what an earlier one gave does not count. */
  begin(attempt: number): void {
    this.#captured?.begin();
    if (attempt > 1) rmSync(this.path, { force: true, recursive: true });
  }

  /** What a step that passed gives, or what is wrong with it. */
  take(): { variables: Variables; note?: string; error?: never } | { error: string } {
    const file = this.#read();
    if (file.error !== undefined) return { error: `$HANDRAIL_OUTPUT cannot be read. ${file.error}` };
    const captured = this.#name === undefined ? undefined : this.#captured?.take(this.#name);
    const variables = new Map([...(captured?.variables ?? []), ...file.variables]);
    return { variables, ...(captured?.note === undefined ? {} : { note: captured.note }) };
  }

  /** Removes what only the step itself needed. */
  close(): void {
    this.#captured?.close();
    if (lstatSync(this.path, noThrow) !== undefined) rmSync(this.path, { force: true, recursive: true });
  }

  #read(): ReturnType<typeof parseOutputFile> {
    const found = lstatSync(this.path, noThrow);
    if (found === undefined) return { variables: new Map() };
    if (!found.isFile()) return { error: 'It is not a file any more' };
    if (found.size > longestOutputFile) return { error: `It is longer than ${longestOutputFile / 1024} KiB` };
    return parseOutputFile(readFileSync(this.path));
  }
}

const noThrow = { throwIfNoEntry: false } as const;
