import { nameIn } from './attributes';
import { metadataOf, originInfo, type CellOrigin } from './cellOrigin';
import { tagForEditor } from './languages';
import { equalLineEnds } from './lines';
import type { NotebookCell } from './notebookCell';
import { writeInfo } from './writeInfo';

/**
 * Gives a cell that an editor's command left without metadata (paste, copy, the second half of a split) the
 * attributes and the fence of the cell it comes from: one of the same language whose text it is, or whose text
 * ended with it. A name that one of `others` has is left out; everything else stays, an approval above all.
 */
export function adoptMetadata(
  cell: NotebookCell,
  donors: readonly NotebookCell[],
  others: readonly NotebookCell[] = [],
): NotebookCell {
  const known = metadataOf(cell);
  if (known.origin || known.info !== undefined) return cell;
  const donor = donorFor(cell, donors, others);
  if (!donor) return cell;
  const { origin, info: changed } = metadataOf(donor);
  const info = changed ?? (origin && originInfo(origin));
  const name = info === undefined ? undefined : nameIn(info);
  const taken = name !== undefined && others.some(other => other !== cell && nameOf(other) === name);
  const adopted = info === undefined || !taken ? changed : writeInfo(info, 'name', undefined);
  return {
    ...cell,
    metadata: {
      ...cell.metadata,
      ...(origin ? { origin } : {}),
      ...(adopted === undefined ? {} : { info: adopted }),
      ...(origin && others.some(other => other !== cell && sameOrigin(other, origin))
        ? { copied: true }
        : {}),
    },
  };
}

/**
 * A code cell with one attribute set, or taken away where the value is undefined. `key` is the canonical name.
 *
 * @throws RangeError where the value has line ends, which no info string can hold.
 */
export function setAttribute(
  cell: NotebookCell,
  key: string,
  value: string | true | undefined,
): NotebookCell {
  const { origin, info } = metadataOf(cell);
  if (cell.kind !== 'code' || origin?.role === 'front-matter') return cell;
  const read = origin ? originInfo(origin) : undefined;
  const written = writeInfo(info ?? read ?? tagForEditor(cell.languageId), key, value);
  const metadata = Object.entries(cell.metadata ?? {}).filter(([name]) => name !== 'info');
  if (written !== read) metadata.push(['info', written]);
  return { ...cell, metadata: Object.fromEntries(metadata) };
}

/** The info string a code cell has, if it has one yet. */
export function cellInfo(cell: NotebookCell): string | undefined {
  const { origin, info } = metadataOf(cell);
  return info ?? (origin && originInfo(origin));
}

function sameOrigin(cell: NotebookCell, { file, at }: CellOrigin): boolean {
  const { origin } = metadataOf(cell);
  return origin?.file === file && origin.at === at;
}

function nameOf(cell: NotebookCell): string | undefined {
  const info = cellInfo(cell);
  return info === undefined ? undefined : nameIn(info);
}

function donorFor(
  cell: NotebookCell,
  donors: readonly NotebookCell[],
  others: readonly NotebookCell[],
): NotebookCell | undefined {
  const text = equalLineEnds(cell.text);
  const alike = donors
    .filter(donor => donor.kind === cell.kind && donor.languageId === cell.languageId)
    .map(donor => ({ donor, whole: equalLineEnds(donor.text) }));
  const same = alike.find(({ whole }) => whole === text)?.donor;
  if (same || text.trim() === '') return same;
  const endings = alike.filter(({ whole }) => whole.endsWith(text));
  const texts = new Set(others.map(other => equalLineEnds(other.text)));
  // Split in the middle of a line the cell is told by its other half.
  const isSplit = (whole: string) => {
    const half = whole.slice(0, -text.length);
    return half.endsWith('\n') || texts.has(half);
  };
  return endings.find(({ whole }) => isSplit(whole))?.donor;
}
