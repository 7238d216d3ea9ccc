import { userInfo } from 'node:os';

/** Who runs a runbook. Accounts that exist only as a number, as in many containers, have no name. */
export function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
    return env['USER'] ?? String(process.getuid?.() ?? 'unknown');
  }
}
