import { existsSync, type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Files are written in several steps; milliseconds of quiet after the first one. */
const quiet = 100;

/**
 * Calls back some time after one of these files was made, changed or removed; of `FOLDER/*` any in it. Folders that are
 * not there are awaited in the nearest one that is. What cannot be watched is told to `report`.
 */
export class WatchedPlaces {
  readonly #changed: () => void;
  readonly #report: (error: Error) => void;
  /** By folder; `names`: what in it is of interest. */
  readonly #watchers = new Map<string, { watcher: FSWatcher; names: Set<string> }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(changed: () => void, report: (error: Error) => void) {
    this.#changed = changed;
    this.#report = report;
  }

  /** Watches these, and no longer those before. */
  watch(places: readonly string[]): void {
    const wanted = new Map<string, Set<string>>();
    for (const place of places) {
      const { folder, name } = nearest(place);
      wanted.set(folder, (wanted.get(folder) ?? new Set()).add(name));
    }
    for (const [folder, { watcher }] of this.#watchers) {
      if (wanted.has(folder) && existsSync(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const [folder, names] of wanted) this.#watchFolder(folder, names);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { watcher } of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watchFolder(folder: string, names: Set<string>): void {
    const known = this.#watchers.get(folder);
    if (known !== undefined) return void (known.names = names);
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => this.#seen(folder, name));
      watcher.on('error', error => this.#lost(folder, error));
      this.#watchers.set(folder, { watcher, names });
    } catch (error) {
      this.#report(error as Error);
    }
  }

  #seen(folder: string, name: string | null): void {
    const names = this.#watchers.get(folder)?.names;
    if (names === undefined) return;
    // A folder that goes tells of itself by its own name.
    const counts = name === null || names.has('*') || names.has(name) || name === basename(folder);
    if (counts) this.#timer ??= setTimeout(() => this.#fire(), quiet);
  }

  #lost(folder: string, error: Error): void {
    this.#watchers.get(folder)?.watcher.close();
    this.#watchers.delete(folder);
    this.#report(error);
  }

  #fire(): void {
    this.#timer = undefined;
    this.#changed();
  }
}

/** The nearest folder that is there, and what is to appear or change in it. */
function nearest(place: string): { folder: string; name: string } {
  let [folder, name] = [dirname(place), basename(place)];
  while (!existsSync(folder) && dirname(folder) !== folder)
    [folder, name] = [dirname(folder), basename(folder)];
  return { folder, name };
}
