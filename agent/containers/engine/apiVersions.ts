import type { Trouble } from './trouble';

/** Versions of the API that are spoken here: from Docker 1.13 (2017) on. */
const least = '1.25';
const most = '1.51';

/** The newest version that both speak, or why there is none. `newest`: of the engine, where it tells. */
export function commonVersion(newest: string | undefined): string | Trouble {
  if (newest === undefined) return most;
  if (isOlder(newest, least)) return unspoken(`at most ${newest}`, 'older', 'Update the engine.');
  return isOlder(newest, most) ? newest : most;
}

/** Reads the answer of an engine that has dropped our newest version. */
export function droppedVersion(status: number, message: string): Trouble | undefined {
  if (status !== 400 || !/client version \S+ is too old/i.test(message)) return undefined;
  const [, oldest = 'a newer one'] = /Minimum supported API version is ([\d.]+\d)/i.exec(message) ?? [];
  return unspoken(`at least ${oldest}`, 'newer', 'Update Handrail.');
}

function unspoken(theirs: string, comparison: 'older' | 'newer', hint: string): Trouble {
  const message = `The engine is ${comparison} than what Handrail speaks: ${theirs} of the API, and not ${least} to ${most}`;
  return { trouble: 'version', message, hint };
}

function isOlder(a: string, b: string): boolean {
  const [[x1 = 0, x2 = 0] = [], [y1 = 0, y2 = 0] = []] = [a, b].map(version =>
    version.split('.').map(Number),
  );
  return x1 < y1 || (x1 === y1 && x2 < y2);
}
