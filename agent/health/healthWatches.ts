import { readRegularFile } from '../readRegularFile';
import type { CheckProblem, CheckRow } from '../protocol/health';
import { decodeSource } from '../runbook/decode';
import type { Recorder } from './recorder';
import { WatchedFile } from './watchedFile';

/** Milliseconds between two tellings: a burst of probes is one. */
const pause = 200;

/** Who holds files of checks, and is told what comes of them. */
export interface Holder {
  changed(rows: readonly CheckRow[]): void;
}

/** Checks as they stand, and what is wrong with their files. */
export interface HeldChecks {
  readonly checks: CheckRow[];
  readonly problems: CheckProblem[];
}

interface Entry {
  readonly watched: WatchedFile;
  readonly holders: Map<Holder, ReadonlySet<string>>;
}

/** The files of checks that somebody holds: each is watched once, however many hold it. */
export class HealthWatches {
  readonly #entries = new Map<string, Entry>();
  readonly #changed = new Map<Holder, Map<string, string>>();
  readonly #recorder: Recorder | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(recorder?: Recorder) {
    this.#recorder = recorder;
  }

  /** Has `holder` hold these files, and no others, read anew. */
  hold(
    holder: Holder,
    files: readonly string[],
    env: Readonly<Record<string, string>>,
    allowed: ReadonlySet<string>,
  ): HeldChecks {
    const wanted = new Set(files);
    for (const [file, { holders }] of this.#entries) if (!wanted.has(file)) this.#drop(file, holder, holders);
    const held: HeldChecks = { checks: [], problems: [] };
    for (const file of wanted) {
      const entry = this.#entries.get(file) ?? this.#begin(file, env);
      entry.holders.set(holder, allowed);
      const problem = takeFile(entry, file);
      held.checks.push(...entry.watched.rows());
      held.problems.push(...entry.watched.problems, ...(problem ?? []));
    }
    return held;
  }

  /** Lets all go that a holder has. */
  release(holder: Holder): void {
    for (const [file, { holders }] of this.#entries) this.#drop(file, holder, holders);
    this.#changed.delete(holder);
  }

  /** Looks at a check now, where somebody holds it. */
  probe(id: string): boolean {
    const watched = this.#holding(id);
    watched?.probe(id);
    return watched !== undefined;
  }

  /** Mutes a check, where somebody holds it; throws HandrailError `store` where that cannot be kept. */
  mute(id: string, muted: { readonly until: number; readonly by: string } | undefined): void {
    this.#recorder?.mute(id, muted);
    this.#holding(id)?.mute(id, muted);
  }

  /** Whether somebody holds a check. */
  has(id: string): boolean {
    return this.#holding(id) !== undefined;
  }

  /** Whether anything is watched. */
  get isBusy(): boolean {
    return this.#entries.size > 0;
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { watched } of this.#entries.values()) watched.close();
    this.#entries.clear();
  }

  #holding(id: string): WatchedFile | undefined {
    return [...this.#entries.values()].find(({ watched }) => watched.row(id) !== undefined)?.watched;
  }

  #begin(file: string, env: Readonly<Record<string, string>>): Entry {
    const watched = new WatchedFile(file, env, id => this.#note(file, id), this.#recorder);
    const entry: Entry = { watched, holders: new Map() };
    this.#entries.set(file, entry);
    return entry;
  }

  #drop(file: string, holder: Holder, holders: Entry['holders']): void {
    if (!holders.delete(holder) || holders.size > 0) return;
    this.#entries.get(file)?.watched.close();
    this.#entries.delete(file);
  }

  #note(file: string, id: string): void {
    for (const holder of this.#entries.get(file)?.holders.keys() ?? []) {
      const changed = this.#changed.get(holder) ?? new Map<string, string>();
      this.#changed.set(holder, changed.set(id, file));
    }
    this.#timer ??= setTimeout(() => this.#tell(), pause);
  }

  #tell(): void {
    this.#timer = undefined;
    for (const [holder, changed] of this.#changed) {
      const rows = [...changed].flatMap(([id, file]) => this.#entries.get(file)?.watched.row(id) ?? []);
      if (rows.length > 0) holder.changed(rows);
    }
    this.#changed.clear();
  }
}

/** What is in files, without looking at anything that their checks are about. */
export function readChecksOf(files: readonly string[]): HeldChecks {
  const watches = new HealthWatches();
  try {
    const nobody: Holder = { changed: () => undefined };
    return watches.hold(nobody, files, {}, new Set());
  } finally {
    watches.close();
  }
}

/** Commands run where one of the holders has allowed them. What was read before stays in force where it cannot be read. */
function takeFile({ watched, holders }: Entry, file: string): CheckProblem[] | undefined {
  const allowed = new Set([...holders.values()].flatMap(marks => [...marks]));
  try {
    watched.take(decodeSource(readRegularFile(file)).replace(/^\uFEFF/, ''), allowed);
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    const words =
      code === 'ENOENT' ? 'The file is not there any more' : `The file cannot be read: ${message}`;
    return [{ file, line: 1, column: 1, message: words, severity: 'error' }];
  }
}
