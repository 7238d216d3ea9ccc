import type { CellKey } from '../../runbook/cellKey';

/** The same as long as the cell is the same and its text unchanged. */
export function passedKey(key: CellKey): string {
  return JSON.stringify(key.name === undefined ? [key.section, key.ordinal, key.hash] : [key.name, key.hash]);
}
