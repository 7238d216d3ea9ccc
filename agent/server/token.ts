import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';

/** Writes a token, by default a new one, that only this user can read, whole or not at all. */
export function writeToken(file: string, token = randomBytes(32).toString('base64url')): string {
  const part = `${file}.${String(process.pid)}.part`;
  fs.rmSync(part, { force: true });
  fs.writeFileSync(part, token, { mode: 0o600, flag: 'wx' });
  fs.renameSync(part, file);
  return token;
}

/** Removes the token file if it is still ours. */
export function removeToken(file: string, token: string): void {
  if (isToken(file, token)) fs.rmSync(file, { force: true });
}

/** Whether a file holds this token. */
export function isToken(file: string, token: string): boolean {
  try {
    return fs.readFileSync(file, 'utf8') === token;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) throw error;
    return false;
  }
}
