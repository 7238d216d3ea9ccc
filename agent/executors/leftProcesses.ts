import type { LeftProcess } from './executor';
import { cellVariable, type Host } from './host';
import {
  commandOf,
  hasInEnvironment,
  hasMembers,
  listProcesses,
  type ProcessEntry,
  startTimeOf,
} from '../processTable';
import { ownMembers } from './process/ownMembers';
import { findTree, followTree, killTree, type TreeRoot } from './process/processTree';

/** What the cells of a session left running: in the process groups of ended cells, or marked as the session's. */
export class LeftProcesses {
  readonly #host: Host;
  readonly #marker: string;
  /** Members by group, each with its start time. */
  readonly #groups = new Map<number, ReadonlyMap<number, string>>();

  /** `marker`: `NAME=` and the beginning of the value that all its cells have. */
  constructor(host: Host, marker: string) {
    this.#host = host;
    this.#marker = marker;
  }

  /** The leader of this group has ended just now. */
  add(group: number): void {
    this.#groups.delete(group);
    const members = hasMembers(group) ? listProcesses().filter(entry => entry.group === group) : [];
    this.#keep(group, members);
  }

  /** `running`: values of HANDRAIL_CELL whose cells have not ended, so that nothing of theirs was left. */
  list(except: readonly number[] = [], running: readonly string[] = []): LeftProcess[] {
    const isRunning = (pid: number): boolean =>
      running.some(marker => hasInEnvironment(pid, `\n${cellVariable}=${marker}\n`));
    // One that has ended meanwhile has no environment any more.
    return findTree(this.#root(except))
      .filter(({ pid, startTime }) => !isRunning(pid) && startTimeOf(pid) === startTime)
      .map(({ pid }) => ({ pid, command: commandOf(pid) }));
  }

  async end(): Promise<void> {
    await killTree(followTree(this.#root([])));
    for (const group of this.#groups.keys()) this.#host.guardian.forget(group);
    this.#groups.clear();
  }

  #root(except: readonly number[]): TreeRoot {
    if (this.#groups.size > 0) this.#look();
    return { groups: [...this.#groups.keys()], marker: this.#marker, except };
  }

  /** Drops groups that are empty or somebody else's by now. */
  #look(): void {
    const everybody = listProcesses();
    const isMarked = (pid: number): boolean => hasInEnvironment(pid, `\n${this.#marker}`);
    for (const [group, known] of [...this.#groups])
      this.#keep(group, ownMembers(group, known, everybody, isMarked));
  }

  #keep(group: number, members: readonly ProcessEntry[]): void {
    if (members.length === 0) {
      this.#groups.delete(group);
      this.#host.guardian.forget(group);
      return;
    }
    this.#groups.set(group, new Map(members.map(({ pid, startTime }) => [pid, startTime])));
    this.#host.guardian.left(group, members);
  }
}
