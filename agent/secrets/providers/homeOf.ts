import { homedir } from 'node:os';
import type { ClientEnvironment } from '../../protocol/runs';

/** The client's home folder. */
export function homeOf({ env }: ClientEnvironment): string {
  return env['HOME'] || env['USERPROFILE'] || homedir();
}
