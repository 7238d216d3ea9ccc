import type { CheckProblem, CheckRow, ProbeMark } from '../protocol/health';
import type { FiledDiagnostic } from '../runbook/model';
import type { CheckSpec } from './checkSpec';
import { newStatus, type CheckStatus } from './checkStatus';
import { commandMark, commandText } from './commandMark';
import { readHealthFile } from './format/readHealthFile';
import { watchChecks, type Watch } from './watchChecks';

/** Probes that are kept for a strip. */
const mostRecent = 30;

interface Known {
  readonly check: CheckSpec;
  readonly isHeld: boolean;
  readonly outdated: string | undefined;
  status: CheckStatus;
  at: number | undefined;
  recent: readonly ProbeMark[];
}

/** The checks of one file, as they stand. What is known of a check stays when its file changes. */
export class WatchedFile {
  readonly #file: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #changed: (id: string) => void;
  #known = new Map<string, Known>();
  #problems: readonly FiledDiagnostic[] = [];
  #watch: Watch | undefined;
  #was = '';

  /** `changed` is told of each check that was looked at. */
  constructor(file: string, env: Readonly<Record<string, string>>, changed: (id: string) => void) {
    this.#file = file;
    this.#env = env;
    this.#changed = changed;
  }

  /** Takes the file as it is now; does nothing where that is what it was. */
  take(text: string, allowed: ReadonlySet<string>): void {
    const { checks, problems } = readHealthFile(this.#file, text);
    const marks = checks.flatMap(check => commandMark(check) ?? []).filter(mark => allowed.has(mark));
    const is = [text, ...marks].join('\0');
    if (is === this.#was) return;
    this.#was = is;
    this.#problems = problems;
    this.#begin(checks, allowed);
  }

  rows(): CheckRow[] {
    return [...this.#known.values()].map(known => rowOf(known));
  }

  row(id: string): CheckRow | undefined {
    const known = this.#known.get(id);
    return known && rowOf(known);
  }

  get problems(): CheckProblem[] {
    return this.#problems.map(problemOf);
  }

  /** Looks at a check now. */
  probe(id: string): void {
    const known = this.#known.get(id);
    if (known !== undefined) this.#watch?.probe(known.check.name);
  }

  close(): void {
    this.#watch?.close();
  }

  #begin(checks: readonly CheckSpec[], allowed: ReadonlySet<string>): void {
    const before = this.#known;
    const isHeld = (check: CheckSpec): boolean => {
      const mark = commandMark(check);
      return mark !== undefined && !allowed.has(mark);
    };
    const kept = [...before.values()].filter(({ check }) => this.#isInvalidNow(check, checks));
    this.#known = new Map(
      [
        ...checks.map(check => ({ check, isHeld: isHeld(check), outdated: undefined })),
        ...kept.map(({ check, isHeld: held }) => ({ check, isHeld: held, outdated: this.#firstProblem() })),
      ].map(entry => [
        idOf(entry.check),
        { ...fresh(), ...stateOf(before.get(idOf(entry.check))), ...entry },
      ]),
    );
    this.#watch?.close();
    const running = [...this.#known.values()].filter(known => !known.isHeld);
    this.#watch = watchChecks(
      running.map(({ check, status }) => ({ check, status })),
      this.#env,
      (check, status) => this.#probed(check, status),
    );
  }

  /** Where the file is invalid, the last check of a name that has gone from it stays in force. */
  #isInvalidNow(check: CheckSpec, checks: readonly CheckSpec[]): boolean {
    return this.#firstProblem() !== undefined && checks.every(({ name }) => name !== check.name);
  }

  #firstProblem(): string | undefined {
    const first = this.#problems.find(({ severity }) => severity === 'error');
    return first && `line ${first.line}: ${first.message}`;
  }

  #probed(check: CheckSpec, status: CheckStatus): void {
    const known = this.#known.get(idOf(check));
    if (known === undefined || status.last === undefined) return;
    const { state, ms } = status.last;
    known.status = status;
    known.at = Date.now();
    known.recent = [...known.recent, { state, ms }].slice(-mostRecent);
    this.#changed(idOf(check));
  }
}

function fresh(): Pick<Known, 'status' | 'at' | 'recent'> {
  return { status: newStatus(Date.now()), at: undefined, recent: [] };
}

function stateOf(known: Known | undefined): Partial<Pick<Known, 'status' | 'at' | 'recent'>> {
  return known === undefined ? {} : { status: known.status, at: known.at, recent: known.recent };
}

/** Names cannot have this in them: it is no text that YAML takes. */
function idOf({ file, name }: CheckSpec): string {
  return `${file}#${name}`;
}

function rowOf({ check, isHeld, outdated, status, at, recent }: Known): CheckRow {
  const { file, line, name, type, group, tags, description, subject, runbook, inputs } = check;
  const mark = commandMark(check);
  return {
    ...{ id: idOf(check), file, line, name, type, tags: [...tags], subject, inputs, recent: [...recent] },
    ...(group !== undefined && { group }),
    ...(description !== undefined && { description }),
    ...(runbook !== undefined && { runbook }),
    ...(at !== undefined && { at }),
    ...(mark !== undefined && { command: { text: commandText(check), mark } }),
    ...(outdated !== undefined && { outdated }),
    state: isHeld ? 'held' : status.state,
    since: status.since,
    message: isHeld ? 'its command was not allowed yet' : (status.last?.message ?? ''),
  };
}

function problemOf({ file, line, column, message, hint, severity }: FiledDiagnostic): CheckProblem {
  return { file, line, column, message, severity, ...(hint !== undefined && { hint }) };
}
