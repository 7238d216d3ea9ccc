import type { Cell, Runbook } from './model';

/**
 * How a recorded step finds its cell again after the file has changed: by the author's name, else by section,
 * text and ordinal among equals, else by aligning the sequence of cells.
 */
export interface CellKey {
  /** The author's name for it, where there is one. */
  readonly name?: string | undefined;
  /** Heading titles joined by ` > `. */
  readonly section: string;
  /** {@link hashText} of the cell's text. */
  readonly hash: string;
  /** Which one among cells of the same section and text, from 0. */
  readonly ordinal: number;
  /** Position among the runbook's cells, from 0; only a hint for aligning. */
  readonly index: number;
}

/** The keys of all cells of a runbook, in order. */
export function cellKeys(runbook: Pick<Runbook, 'cells'>): CellKey[] {
  const seen = new Map<string, number>();
  return runbook.cells.map(cell => {
    const section = cell.section.join(' > ');
    const hash = hashText(cell.text);
    const twin = `${section}\n${hash}`;
    const ordinal = seen.get(twin) ?? 0;
    seen.set(twin, ordinal + 1);
    return { ...nameOf(cell), section, hash, ordinal, index: cell.index };
  });
}

/** A 64-bit FNV-1a hash of the text, as 16 hex digits. Tells texts apart; keeps no secret. */
export function hashText(text: string): string {
  // Two 32-bit lanes with different offsets: 64 bits without BigInt, which is 50 times slower.
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x85ebca6b);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

function nameOf(cell: Cell): { name?: string } {
  return cell.named ? { name: cell.name } : {};
}
