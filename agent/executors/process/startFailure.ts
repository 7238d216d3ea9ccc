import type { Environment } from '../sessionState';

/** Words why a program could not be started, and what to do where that is known. */
export function startFailure(file: string, error: Error, env: Environment): string {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'E2BIG' ? `the environment is too large: ${advice(env)}` : error.message;
  return `${file} could not be started: ${why}`;
}

/** The system takes no variable of more than 128 KiB, and all of them together up to a limit. */
function advice(env: Environment): string {
  const sizes = [...env].map(([name, value]) => ({ name, bytes: Buffer.byteLength(value) }));
  sizes.sort((a, b) => b.bytes - a.bytes);
  const [largest] = sizes;
  return largest === undefined ? 'unset some variables' : `unset ${largest.name} (${largest.bytes} bytes)`;
}
