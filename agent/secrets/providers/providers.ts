import type { SecretReference } from '../types';
import { fromCommand } from './fromCommand';
import { fromEditor } from './fromEditor';
import { fromEnvironment } from './fromEnvironment';
import type { Provider } from './provider';

export const providers: Readonly<Record<SecretReference['provider'], Provider>> = {
  env: fromEnvironment,
  cmd: fromCommand,
  editor: fromEditor,
  // What these are made of most runs do without.
  file: async (...asked) => (await import('./fromFile')).fromFile(...asked),
  vault: async (...asked) => (await import('./fromVault')).fromVault(...asked),
  k8s: async (...asked) => (await import('./fromKubernetes')).fromKubernetes(...asked),
};
