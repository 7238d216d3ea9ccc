import type * as z from 'zod';
import type { CelTypes } from '../conditions/condition';

/** What a probe may use of the world. */
export interface ProbeWorld {
  /** Fires when the time is up. */
  readonly signal: AbortSignal;
  /** Of whoever watches: for commands, and where names are looked up. */
  readonly env: Readonly<Record<string, string>>;
  /** Folder of the check's file: relative paths begin there. */
  readonly folder: string;
}

/** Looks once; gives the values that conditions are about. Rejects with {@link ProbeFailure} where there are none. */
export type Probe = (world: ProbeWorld) => Promise<Readonly<Record<string, unknown>>>;

/** What a check runs, exactly as its author gave it. */
export interface CheckCommand {
  /** A line for `/bin/sh`, or a program with its arguments. */
  readonly run: string | readonly string[];
  /** What its environment has beyond that of whoever watches. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A kind of check: what its entry may say, what it finds, when it is well. */
export interface CheckType<S extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  /** What it looks at, in one line. */
  readonly about: string;
  /** Keys beyond those that all checks have. */
  readonly options: S;
  readonly values: CelTypes;
  /** The condition where the file has none. */
  readonly up: string;
  /** What it looks at, for a list: `http://127.0.0.1:8080/health`. */
  subject(options: z.output<S>): string;
  /** What it runs that its author chose: such a check waits until somebody has allowed exactly that. */
  runs?(options: z.output<S>): CheckCommand;
  probe(options: z.output<S>, world: ProbeWorld): Promise<Readonly<Record<string, unknown>>>;
}

/** Nothing could be found out. `unknown`: that says nothing of what was looked at, as where a program is missing. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
  readonly unknown: boolean;

  constructor(message: string, { unknown = false, cause }: { unknown?: boolean; cause?: unknown } = {}) {
    super(message, { cause });
    this.unknown = unknown;
  }
}

/** Writes a type down with the types of its options worked out; all of them tell how long a probe took. */
export function checkType<S extends z.ZodObject>(type: CheckType<S>): CheckType<S> {
  return { ...type, values: { time: ['duration', 'how long the whole probe took'], ...type.values } };
}
