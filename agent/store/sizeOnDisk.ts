import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../protocol/runs';
import { runFolder } from './output/segments';

/** Bytes that a run takes: its output as far as it was kept, and about what its rows take. */
export function sizeOnDisk(output: string, run: RunRecord): number {
  const rows = run.steps.reduce((sum, { text }) => sum + rowBytes + text.length, rowBytes);
  return rows + filesBelow(runFolder(output, run.id));
}

/** A row but for its text. */
const rowBytes = 500;

function filesBelow(folder: string): number {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  } catch (error) {
    // A run that printed nothing has no folder.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
