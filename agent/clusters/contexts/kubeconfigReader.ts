import { type BigIntStats, statSync } from 'node:fs';
import { type KubeconfigFile, readKubeconfig } from './kubeconfigFile';

/** Files that are remembered. */
const most = 100;

/** Reads kubeconfigs; one that has not changed is not read again, for large ones take a fifth of a second. */
export class KubeconfigReader {
  readonly #known = new Map<string, { stamp: string; read: KubeconfigFile }>();

  read(file: string): KubeconfigFile {
    const stamp = stampOf(file);
    const known = this.#known.get(file);
    if (known !== undefined && known.stamp === stamp && stamp !== '') return known.read;
    const read = readKubeconfig(file);
    this.#known.delete(file);
    this.#known.set(file, { stamp, read });
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
    return read;
  }
}

/** Empty where it cannot be looked at, and where it changed so lately that it may change again unseen. */
function stampOf(file: string): string {
  const stats = statsOf(file);
  if (stats === undefined) return '';
  const isFresh = Date.now() - Number(stats.ctimeMs) < 2000;
  return isFresh ? '' : `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
}

function statsOf(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false, bigint: true });
  } catch {
    // Why it cannot be looked at is told by reading it.
    return undefined;
  }
}
