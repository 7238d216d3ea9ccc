import { dirname } from 'node:path';
import { makeFolder } from '../../makeFolder';
import { writePrivate } from '../cellContext';
import type { CellSpec } from '../executor';

/** The most that a file of outputs is read of; whoever takes it refuses one as long as that. Bytes. */
export const longestOutput = 1024 * 1024 + 1;

/** What the cell wrote for later ones is taken from where a cell of this machine would have left it. */
export function giveOutput({ env }: CellSpec, output: Buffer): void {
  const path = env['HANDRAIL_OUTPUT'];
  if (path === undefined || output.length === 0) return;
  makeFolder(dirname(path));
  writePrivate(path, output.toString('latin1'));
}
