import { bootId } from '../bootId';
import type { Head } from './auditHead';

/**
 * Whether rows that are missing at the end of a chain of `rows` may never have reached the disk, instead of having
 * been taken away: the system was started again since they were written (a process that is killed loses none), and
 * all that was surely on the disk is there.
 */
export function mayBeLost({ number, boot, onDisk }: Head, rows: number): boolean {
  const started = boot === '' || boot !== bootId();
  return started && rows < number && rows >= onDisk.number;
}
