import type { ProcessEntry } from '../../processTable';

/**
 * Who is in a process group whose leader has ended; nobody where the group is not ours any more. It is as long as
 * somebody in it was seen there before, start time and all, or carries our marker: an empty group's number goes to
 * somebody else.
 */
export function ownMembers(
  group: number,
  known: ReadonlyMap<number, string>,
  everybody: readonly ProcessEntry[],
  isMarked: (pid: number) => boolean,
): ProcessEntry[] {
  const members = everybody.filter(entry => entry.group === group);
  const isOurs = members.some(({ pid, startTime }) => known.get(pid) === startTime || isMarked(pid));
  return isOurs ? members : [];
}
