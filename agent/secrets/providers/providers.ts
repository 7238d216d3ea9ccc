import type { SecretReference } from '../types';
import { fromCommand } from './fromCommand';
import { fromEditor } from './fromEditor';
import { fromEnvironment } from './fromEnvironment';
import { fromFile } from './fromFile';
import { fromKubernetes } from './fromKubernetes';
import { fromVault } from './fromVault';
import type { Provider } from './provider';

export const providers: Readonly<Record<SecretReference['provider'], Provider>> = {
  env: fromEnvironment,
  file: fromFile,
  cmd: fromCommand,
  vault: fromVault,
  k8s: fromKubernetes,
  editor: fromEditor,
};
