import { copyFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { makeFolder } from '../makeFolder';
import { ownKubeconfigName, ownKubeconfigOf } from './ownContext';

/**
 * Copies the kubeconfig of a runbook's own context into a private folder, for what outlives the sessions, and gives what
 * `KUBECONFIG` is then; undefined where it names none.
 */
export function copyOwnKubeconfig(env: Readonly<Record<string, string>>, folder: string): string | undefined {
  const own = ownKubeconfigOf(env);
  if (own === undefined) return undefined;
  const copy = join(folder, ownKubeconfigName);
  makeFolder(folder);
  copyFileSync(own, copy);
  return [copy, ...(env['KUBECONFIG'] ?? '').split(delimiter).slice(1)].join(delimiter);
}
