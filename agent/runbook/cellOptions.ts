import type { Cell, Diagnostic, FrontMatter } from './model';

/** A cell's attributes with their types and defaults (design: attribute table). Durations are milliseconds. */
export interface CellOptions {
  readonly needs: readonly string[];
  readonly when?: string;
  readonly unless?: string;
  readonly verify?: string;
  readonly rollback?: string;
  /** `true`: ask in our words. */
  readonly confirm?: string | true;
  readonly timeout?: number;
  readonly retries: number;
  readonly retryDelay: number;
  readonly onError: 'stop' | 'continue' | 'rollback';
  readonly strict: boolean;
  readonly effect: 'read' | 'change' | 'destroy';
  readonly lock?: string;
  readonly env: Readonly<Record<string, string>>;
  /** As written, relative to the runbook. */
  readonly cwd?: string;
  readonly background: false | 'run' | 'detach';
  readonly ready?: string;
  readonly tty: 'auto' | 'always' | 'never';
  readonly target: string;
  readonly output?: string;
  readonly expectExit: readonly number[];
  readonly tags: readonly string[];
  readonly exclude: boolean;
  readonly parallel?: string;
  readonly mime?: string;
  readonly interpreter?: readonly string[];
  readonly placeholders: boolean;
}

/** Reads a cell's attributes over the front matter's `defaults`; a wrong value is a diagnostic and its default. */
export declare function cellOptions(
  cell: Cell,
  frontMatter: FrontMatter | undefined,
): { options: CellOptions; diagnostics: Diagnostic[] };
