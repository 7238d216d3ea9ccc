import { agentVariable } from '../../agentVariable';
import { hasInEnvironment, isOlder, listProcesses, type ProcessEntry } from '../../processTable';

/** What belongs to a cell: whoever is in its process group, descends from it or carries its marker. */
export interface TreeRoot {
  /** Leaders of process groups, with their start time where the leader may have gone. */
  readonly groups: readonly number[];
  /** `NAME=value` at the start of an environment variable; inherited by daemons that left every group. */
  readonly marker: string;
  /** Pids that are left alone, together with what only they started: live interpreters. */
  readonly except?: readonly number[];
  /** It may be older than this process, which so did not start it. */
  readonly isOld?: boolean;
}

/** Everything of a tree that is alive, wherever it went. */
export function findTree(root: TreeRoot, known?: ReadonlyMap<number, string>): ProcessEntry[] {
  const everybody = listProcesses();
  const all = everybody.filter(entry => entry.pid !== process.pid);
  const ours = everybody.find(entry => entry.pid === process.pid);
  const except = new Set(root.except);
  const found = new Set<number>();
  for (const entry of all) {
    if (except.has(entry.pid)) continue;
    const isKnown = known?.get(entry.pid) === entry.startTime || root.groups.includes(entry.group);
    if (
      isKnown ||
      ((root.isOld === true || !isOlder(entry, ours)) && hasInEnvironment(entry.pid, `\n${root.marker}`))
    )
      found.add(entry.pid);
  }
  addDescendants(all, found, except);
  return all.filter(entry => found.has(entry.pid));
}

/**
 * Follows a tree over time: what once belonged to it is found even when its parent has gone and its environment
 * tells nothing.
 */
export function followTree(root: TreeRoot): () => ProcessEntry[] {
  const known = new Map<number, string>();
  return () => {
    const found = findTree(root, known);
    for (const { pid, startTime } of found) known.set(pid, startTime);
    return found;
  };
}

/**
 * Descendants that cleared their environment and left the group are still somebody's children. Not so an agent, which
 * serves everybody, and what it runs.
 */
function addDescendants(all: readonly ProcessEntry[], found: Set<number>, except: ReadonlySet<number>): void {
  const others = new Set(except);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) {
      if (!found.has(parent) || found.has(pid) || others.has(pid)) continue;
      if (hasInEnvironment(pid, `\n${agentVariable}=`)) others.add(pid);
      else found.add(pid);
    }
  }
}

/** Sends a signal; a process that has gone meanwhile, or is somebody else's, is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** Ends a whole tree at once and waits, up to the deadline, until none of it is left. Milliseconds. */
export async function killTree(find: () => ProcessEntry[], deadline = 2000): Promise<ProcessEntry[]> {
  const end = performance.now() + deadline;
  let left = find();
  for (let pause = 5; left.length > 0; pause = Math.min(pause * 2, 100)) {
    for (const entry of left) signalProcess(entry.pid, 'SIGKILL');
    if (performance.now() > end) break;
    await new Promise<void>(resolve => setTimeout(resolve, pause));
    left = find();
  }
  return left;
}
