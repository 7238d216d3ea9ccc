import { existsSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { join, resolve } from 'node:path';
import { decodeSource } from '../../runbook/decode';
import { UsageError } from '../call';
import { readNamedFile } from '../readNamedFile';
import { wordUnreadable } from '../wordUnreadable';

export interface RunbookFile {
  /** Absolute. */
  readonly path: string;
  readonly source: string;
  /** From `FILE:LINE`. */
  readonly line: number | undefined;
  /** It came through standard input. */
  readonly isPiped: boolean;
}

/** Reads `FILE`, `FILE:LINE`, or standard input for `-`. */
export async function readRunbook(named: string, cwd: string): Promise<RunbookFile> {
  if (named === '-') {
    // It stands for a file in this folder, so that relative folders and messages have a meaning.
    return {
      path: pipedPath(cwd),
      source: decodeSource(await buffer(process.stdin)),
      line: undefined,
      isPiped: true,
    };
  }
  const { path, line } = splitLine(resolve(cwd, named));
  return { path, source: decodeSource(read(path, named)), line, isPiped: false };
}

/** What the runbook of standard input is called. */
export function pipedPath(cwd: string): string {
  return join(cwd, 'stdin');
}

function splitLine(path: string): { path: string; line: number | undefined } {
  const match = /^(.+):(\d+)$/.exec(path);
  if (match?.[1] === undefined || existsSync(path)) return { path, line: undefined };
  return { path: match[1], line: Number(match[2]) };
}

function read(path: string, named: string): Uint8Array {
  try {
    return readNamedFile(path);
  } catch (error) {
    throw new UsageError(reason(named, error), { cause: error });
  }
}

function reason(named: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `${named} is not there. What is: handrail list`;
  if (code === 'EISDIR') return `${named} is a folder. Its runbooks: handrail list ${named}`;
  return wordUnreadable(named, error);
}
