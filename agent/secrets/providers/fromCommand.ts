import { withoutLastLineEnd } from '../checkValue';
import { SecretFailure } from '../secretFailure';
import type { Provider } from './provider';
import { askProgram } from './askProgram';
import { splitWords } from './splitWords';

/**
 * `cmd:COMMAND`: what a program prints, without one line end at its end. The command is words, not a shell script;
 * it runs in the client's folder and environment and is asked nothing.
 *
 * | store         | reference                                             |
 * | ------------- | ----------------------------------------------------- |
 * | pass          | `cmd:pass show db/password`                           |
 * | 1Password     | `cmd:op read op://vault/db/password`                  |
 * | Google Cloud  | `cmd:gcloud secrets versions access latest --secret=db` |
 * | macOS         | `cmd:security find-generic-password -s db -w`         |
 * | libsecret     | `cmd:secret-tool lookup service db`                   |
 */
export const fromCommand: Provider = async (place, { environment, signal }) => {
  const words = splitWords(place);
  const [file, ...args] = words ?? [];
  if (words === undefined) {
    throw new SecretFailure('misconfigured', 'a quote in the command is not closed', 'Close it.');
  }
  if (file === undefined || file === '') {
    throw new SecretFailure('misconfigured', 'there is no command', 'Write one: `cmd:pass show db`.');
  }
  const { env, cwd } = environment;
  return withoutLastLineEnd(await askProgram({ file, args, cwd, env, signal }));
};
