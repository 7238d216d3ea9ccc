import type { LeftProcess } from './executor';
import type { Host } from './host';
import { commandOf, listProcesses } from './process/processTable';
import { findTree, followTree, killTree, type TreeRoot } from './process/processTree';

/** What the cells of a session left running: in the process groups of ended cells, or marked as the session's. */
export class LeftProcesses {
  readonly #host: Host;
  readonly #marker: string;
  readonly #groups = new Set<number>();

  /** `marker`: `NAME=` and the beginning of the value that all its cells have. */
  constructor(host: Host, marker: string) {
    this.#host = host;
    this.#marker = marker;
  }

  /** The leader of this group has ended. */
  add(group: number): void {
    if (hasMembers(group)) this.#groups.add(group);
    else this.#host.guardian.forget(group);
  }

  list(except: readonly number[] = []): LeftProcess[] {
    return findTree(this.#root(except)).map(({ pid }) => ({ pid, command: commandOf(pid) }));
  }

  async end(): Promise<void> {
    await killTree(followTree(this.#root([])));
    for (const group of this.#groups) this.#host.guardian.forget(group);
    this.#groups.clear();
  }

  #root(except: readonly number[]): TreeRoot {
    this.#dropReused();
    return { groups: [...this.#groups], marker: this.#marker, except };
  }

  /** Where the number of a group whose leader has ended is a living process, it is somebody else's by now. */
  #dropReused(): void {
    if (this.#groups.size === 0) return;
    for (const { pid } of listProcesses()) if (this.#groups.delete(pid)) this.#host.guardian.forget(pid);
  }
}

function hasMembers(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
