import { readRegularFile } from '../../readRegularFile';
import type { FoundContext } from '../contexts/foundContext';
import { ClusterUnusable } from './clusterUnusable';

/** What a kubeconfig holds, or the file that it names; data counts first. Throws ClusterUnusable where it cannot be read. */
export function readGiven(
  context: FoundContext,
  what: string,
  file: string | undefined,
  data: string | undefined,
): Buffer | undefined {
  if (data !== undefined) return Buffer.from(data, 'base64');
  if (file === undefined) return undefined;
  try {
    return readRegularFile(file);
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'is not there' : `cannot be read: ${message}`;
    const hint = `${context.file} names it.`;
    throw new ClusterUnusable(
      context,
      { trouble: 'invalid', message: `The ${what} ${file} ${why}`, hint },
      cause,
    );
  }
}
