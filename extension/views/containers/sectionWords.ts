import type { EngineRow, RowKind } from '../../../agent/protocol/containers';
import { sizeText } from './measures';

/** What a section says beside its name: how many there are, and how many of them are not shown and why. */
export function sectionCounts(
  kind: RowKind,
  all: readonly EngineRow[],
  { shown, filter, hideStopped }: { shown: number; filter: string; hideStopped: boolean },
): string {
  const total = String(all.length);
  if (filter !== '') return `${String(shown)} of ${total} match “${filter}”`;
  const hidden = kind === 'container' && hideStopped ? all.length - shown : 0;
  return [total, ...(hidden === 0 ? [] : [`${String(hidden)} stopped hidden`]), ...sizes(all)].join(' · ');
}

/** Images share layers, so their sum is the most that they may take. */
function sizes(all: readonly EngineRow[]): string[] {
  const bytes = all.reduce((sum, row) => sum + (row.kind === 'image' ? row.size : 0), 0);
  return bytes === 0 ? [] : [`≤ ${sizeText(bytes)}`];
}
