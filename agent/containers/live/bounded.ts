import { cut } from '../../text/cut';

/** Characters of one label's value, of its name, and of all of a container's labels together. */
const mostOfValue = 1024;
const mostOfName = 256;
const mostOfAll = 16 * 1024;

/** Labels, each and all of them of a bounded size. */
export function boundedLabels(
  labels: Readonly<Record<string, string>> | null | undefined,
): Record<string, string> {
  const kept: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries(labels ?? {})) {
    if (name.length > mostOfName) continue;
    const bounded = cut(String(value), mostOfValue);
    size += name.length + bounded.length;
    if (size > mostOfAll) break;
    kept[name] = bounded;
  }
  return kept;
}
