import { SecretFailure } from '../secretFailure';
import type { Provider } from './provider';

/** `editor:NAME`: a value that the editor keeps and sends along with the run. */
export const fromEditor: Provider = (place, { name, given }) => {
  for (const key of [name, place]) {
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (value !== undefined) return value;
  }
  const next = `Run it from VS Code, which asks for ${place} and keeps it; elsewhere use another provider, such as env:${place}.`;
  throw new SecretFailure('missing', 'only the editor has it, and it was not sent along', next);
};
