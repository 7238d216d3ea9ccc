import { SecretFailure } from '../secretFailure';
import type { Provider } from './provider';

/** `env:NAME`: a variable of the client's environment. */
export const fromEnvironment: Provider = (place, { environment }) => {
  const value = Object.hasOwn(environment.env, place) ? environment.env[place] : undefined;
  if (value !== undefined) return value;
  const next = `Set ${place} in the terminal, in the editor's environment or as a secret of the CI job.`;
  throw new SecretFailure('missing', `there is no variable ${place}`, next);
};
