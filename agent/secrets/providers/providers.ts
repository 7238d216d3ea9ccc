import type { SecretReference } from '../types';
import { fromCommand } from './fromCommand';
import { fromEditor } from './fromEditor';
import { fromEnvironment } from './fromEnvironment';
import { fromFile } from './fromFile';
import type { Provider } from './provider';

export const providers: Readonly<Record<SecretReference['provider'], Provider>> = {
  env: fromEnvironment,
  file: fromFile,
  cmd: fromCommand,
  // These two bring an HTTP client, which most runs do without.
  vault: async (...asked) => (await import('./fromVault')).fromVault(...asked),
  k8s: async (...asked) => (await import('./fromKubernetes')).fromKubernetes(...asked),
  editor: fromEditor,
};
