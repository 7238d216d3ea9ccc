import type { Folders } from '../../../agent/folders';
import { insertIntoConfig } from '../insertIntoConfig';

/** Opens config.yaml with the beginning of a further kubeconfig. None of kubectl's own files is touched. */
export function addKubeconfig(folders: Folders): Promise<void> {
  return insertIntoConfig(folders, 'kubeconfigs', '  - ${1:~/.kube/other-config}\n');
}
