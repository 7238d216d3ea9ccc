import { createHash } from 'node:crypto';
import * as path from 'node:path';
import type { Folders } from './folders';
import { privateFolder } from './privateFolder';

/** Where an agent of one version and its clients meet. */
export interface Rendezvous {
  /** Path of a Unix socket, or name of a Windows pipe. */
  readonly socket: string;
  readonly token: string;
  readonly lock: string;
}

/** A socket's path fits into 104 bytes on macOS and 108 on Linux, the closing NUL included (unix(7)). */
const longestSocketPath = 100;

/**
 * The files by which clients find the agent of a version; the folders they lie in are made.
 *
 * @throws HandrailError `unavailable` where a folder is not ours to use.
 */
export function rendezvous(folders: Folders, version: string): Rendezvous {
  const folder = privateFolder(folders.runtime);
  const file = (ending: string): string => path.join(folder, `agent-${version}.${ending}`);
  return { socket: socketPath(folder, version), token: file('token'), lock: file('lock') };
}

/** Versions whose token files lie in the runtime folder, ours too where it has one. */
export function versionOfToken(fileName: string): string | undefined {
  return /^agent-(.+)\.token$/.exec(fileName)?.[1];
}

function socketPath(folder: string, version: string): string {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  if (process.platform === 'win32') return `\\\\.\\pipe\\handrail-${hash}-${version}`;
  const usual = path.join(folder, `agent-${version}.sock`);
  if (Buffer.byteLength(usual) <= longestSocketPath) return usual;
  // Always /tmp, never TMPDIR: both sides must come to the same path whatever their environments say.
  const short = privateFolder(`/tmp/handrail-${String(process.getuid?.() ?? 0)}-${hash}`);
  return path.join(short, `agent-${version}.sock`);
}
