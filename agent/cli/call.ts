import type { Folders } from '../folders';
import type { Terminal } from './terminal/terminal';

/** One call of a command, with everything it may use of the world. */
export interface Call {
  /** Positional arguments, as declared; an optional one that is not given is left out. */
  readonly args: readonly string[];
  readonly options: Options;
  readonly terminal: Terminal;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** A function, because finding out may fail and not every command needs to know. */
  readonly folders: () => Folders;
}

/** What a command does; gives the exit code. */
export type Action = (call: Call) => Promise<number>;

/** The options of a call by their long names without dashes, typed on the way out. */
export class Options {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** A repeatable option as given. */
  all(name: string): readonly string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  /** A repeatable option; `a,b` counts as two. */
  list(name: string): string[] {
    return this.all(name)
      .flatMap(item => item.split(','))
      .filter(item => item !== '');
  }
}

/** The call makes no sense; what to do about it stands in the message. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
