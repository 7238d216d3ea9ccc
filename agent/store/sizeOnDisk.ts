import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord, StepRecord } from '../protocol/runs';

/**
 * Bytes that a run takes: its files below folders that have one for each run, and about what its rows and its part
 * of the index take.
 */
export function sizeOnDisk(folders: readonly string[], run: RunRecord): number {
  const rows = run.steps.reduce((sum, step) => sum + rowBytes + step.text.length + indexed(step), rowBytes);
  return folders.reduce((sum, folder) => sum + filesBelow(join(folder, run.id)), rows);
}

/** A row but for its text. */
const rowBytes = 500;

/** The index of a text takes about half of the text, and reaches back 64 KiB. */
function indexed({ outputBytes }: StepRecord): number {
  return Math.min(outputBytes, 64 * 1024) / 2;
}

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
