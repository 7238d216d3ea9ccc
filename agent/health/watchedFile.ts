import type { CheckProblem, CheckRow, ProbeMark } from '../protocol/health';
import type { FiledDiagnostic } from '../runbook/model';
import type { CheckSpec } from './checkSpec';
import type { CheckStatus } from './checkStatus';
import { commandMark, commandText } from './commandMark';
import { recordOf, statusOf } from './keptStatus';
import { maintenanceUntil } from './maintenance';
import type { Recorder } from './recorder';
import { readHealthFile } from './format/readHealthFile';
import { heldBackBy, isNotWell, seemsDown, type Standing as NeededStanding } from './heldBack';
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
  muted: { readonly until: number; readonly by: string } | undefined;
}

/** The checks of one file, as they stand. What is known of a check stays when its file changes. */
export class WatchedFile {
  readonly #file: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #changed: (id: string) => void;
  readonly #recorder: Recorder | undefined;
  readonly #unmuting = new Map<string, NodeJS.Timeout>();
  #known = new Map<string, Known>();
  #problems: readonly FiledDiagnostic[] = [];
  #watch: Watch | undefined;
  #was = '';

  /** `changed` is told of each check that was looked at. Without a `recorder` nothing is known of before. */
  constructor(
    file: string,
    env: Readonly<Record<string, string>>,
    changed: (id: string) => void,
    recorder?: Recorder,
  ) {
    this.#recorder = recorder;
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
    return [...this.#known.values()].map(known => this.#rowOf(known));
  }

  row(id: string): CheckRow | undefined {
    const known = this.#known.get(id);
    return known && this.#rowOf(known);
  }

  get problems(): CheckProblem[] {
    return this.#problems.map(problemOf);
  }

  /** Looks at a check now. */
  probe(id: string): void {
    const known = this.#known.get(id);
    if (known !== undefined) this.#watch?.probe(known.check.name);
  }

  /** Mutes a check until then, or no more. */
  mute(id: string, muted: Known['muted']): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    known.muted = muted;
    this.#tellOfEnd(id, muted?.until);
    this.#changed(id);
  }

  close(): void {
    this.#watch?.close();
    for (const timer of this.#unmuting.values()) clearTimeout(timer);
    this.#unmuting.clear();
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
        { ...(stateOf(before.get(idOf(entry.check))) ?? this.#fresh(idOf(entry.check))), ...entry },
      ]),
    );
    this.#watch?.close();
    const running = [...this.#known.values()].filter(known => !known.isHeld);
    this.#watch = watchChecks(
      running.map(({ check, status }) => ({ check, status })),
      this.#env,
      (check, status, was, stood) => this.#probed(check, status, was, stood),
    );
    for (const [id, { muted }] of this.#known) this.#tellOfEnd(id, muted?.until);
  }

  /** Where the file is invalid, the last check of a name that has gone from it stays in force. */
  #isInvalidNow(check: CheckSpec, checks: readonly CheckSpec[]): boolean {
    return this.#firstProblem() !== undefined && checks.every(({ name }) => name !== check.name);
  }

  #firstProblem(): string | undefined {
    const first = this.#problems.find(({ severity }) => severity === 'error');
    return first && `line ${first.line}: ${first.message}`;
  }

  #fresh(id: string): Standing {
    const kept = this.#recorder?.kept(id);
    const status = statusOf(kept, Date.now());
    const at = kept?.status === undefined ? undefined : kept.at;
    return { status, at, recent: kept?.recent ?? [], muted: kept?.muted };
  }

  /** A row is told anew when its muting has ended. */
  #tellOfEnd(id: string, until: number | undefined): void {
    clearTimeout(this.#unmuting.get(id));
    this.#unmuting.delete(id);
    if (until === undefined) return;
    const left = Math.min(Math.max(0, until - Date.now()) + 10, 2 ** 31 - 1);
    this.#unmuting.set(id, setTimeout(() => this.#changed(id), left).unref());
  }

  #probed(check: CheckSpec, status: CheckStatus, before: CheckStatus, stood: number | undefined): void {
    const known = this.#known.get(idOf(check));
    if (known === undefined || status.last === undefined) return;
    const { state, ms } = status.last;
    const wasDown = seemsDown(known.status);
    known.status = status;
    const now = (known.at = Date.now());
    const isMaintained = maintenanceUntil(check.maintenance, now) !== undefined;
    this.#recorder?.note(recordOf(idOf(check), { status, before, now, stood, isMaintained }));
    known.recent = [...known.recent, { state, ms }].slice(-mostRecent);
    this.#changed(idOf(check));
    if (seemsDown(status) !== wasDown) this.#tellNeeding();
    if (status.failed === 1) this.#lookAtNeeded(check);
  }

  #rowOf(known: Known): CheckRow {
    const cause = isNotWell(known.status)
      ? heldBackBy(known.check, name => this.#standing(known, name))
      : undefined;
    return { ...rowOf(known), ...(cause !== undefined && { heldBackBy: cause }) };
  }

  #standing({ check: { file } }: Known, name: string): NeededStanding | undefined {
    const needed = this.#known.get(idOf({ file, name }));
    return needed && { check: needed.check, isDown: !needed.isHeld && seemsDown(needed.status) };
  }

  /** What nobody is told of has changed. */
  #tellNeeding(): void {
    for (const [id, { check }] of this.#known) if (check.needs.length > 0) this.#changed(id);
  }

  /** What a check needs may be the cause: that is known before the check itself is down. */
  #lookAtNeeded({ file, needs }: CheckSpec): void {
    for (const name of needs) {
      const needed = this.#known.get(idOf({ file, name }));
      if (needed !== undefined && needed.status.failed === 0) this.#watch?.probe(name);
    }
  }
}

type Standing = Pick<Known, 'status' | 'at' | 'recent' | 'muted'>;

function stateOf(known: Known | undefined): Standing | undefined {
  return known && { status: known.status, at: known.at, recent: known.recent, muted: known.muted };
}

/** Names cannot have this in them: it is no text that YAML takes. */
function idOf({ file, name }: Pick<CheckSpec, 'file' | 'name'>): string {
  return `${file}#${name}`;
}

function rowOf({ check, isHeld, outdated, status, at, recent, muted }: Known): CheckRow {
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
    ...(isHeld ? { state: 'held' } : standing(status, check, muted)),
    since: status.since,
    message: isHeld ? 'its command was not allowed yet' : (status.last?.message ?? ''),
  };
}

function standing(
  { state }: CheckStatus,
  { maintenance }: CheckSpec,
  muted: Known['muted'],
): Pick<CheckRow, 'state' | 'actual' | 'until'> {
  const now = Date.now();
  const until = maintenanceUntil(maintenance, now);
  if (until !== undefined) return { state: 'maintenance', actual: state, until };
  if (muted === undefined || muted.until <= now) return { state };
  return { state: 'muted', actual: state, until: muted.until };
}

function problemOf({ file, line, column, message, hint, severity }: FiledDiagnostic): CheckProblem {
  return { file, line, column, message, severity, ...(hint !== undefined && { hint }) };
}
