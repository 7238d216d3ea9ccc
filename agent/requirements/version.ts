import { delimiter, isAbsolute } from 'node:path';
import coerce from 'semver/functions/coerce';
import parse from 'semver/functions/parse';
import satisfies from 'semver/functions/satisfies';
import { findProgram } from '../executors/programs';
import type { ClientEnvironment } from '../protocol/runs';
import { runProbe } from './probe';
import { toolOf } from './tools';

/** Absolute path of a tool under one of its names. */
export function findTool(
  name: string,
  { env, cwd }: Pick<ClientEnvironment, 'env' | 'cwd'>,
): string | undefined {
  // What a relative entry leads to may be of the workspace.
  const path = env['PATH']
    ?.split(delimiter)
    .filter(entry => isAbsolute(entry))
    .join(':');
  for (const program of [name, ...(toolOf(name).alternatives ?? [])]) {
    const found = findProgram(program, path, cwd);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The version that a program tells; `problem` where it tells none. */
export async function versionOf(
  path: string,
  name: string,
  environment: Pick<ClientEnvironment, 'env' | 'cwd'>,
  signal: AbortSignal,
): Promise<{ version: string } | { problem: string }> {
  const known = toolOf(name).version;
  let problem = 'it tells no version';
  for (const args of known ? [known] : [['--version'], ['version']]) {
    const answer = await runProbe([path, ...args], environment, signal);
    const version = findVersion(answer.output);
    if (version !== undefined) return { version };
    problem = answer.problem ?? problem;
    if (signal.aborted || answer.problem !== undefined) break;
  }
  return { problem };
}

/** The first thing in a text that looks like a version: `1.28.3`, `v3.4`, `2.45.1-rc.2`, `1.1.1w`. */
export function findVersion(text: string): string | undefined {
  return /(?<![\d.])\d{1,6}\.\d{1,6}(?:\.\d{1,9})?(?:-(?:alpha|beta|rc|pre|dev)[\w.]*)?/i.exec(text)?.[0];
}

/** Whether a version is within a range of npm's semver. A release candidate counts as what it will be. */
export function isWithin(version: string, range: string): boolean {
  const exact = parse(version) ?? coerce(version, { includePrerelease: true });
  return exact !== null && satisfies(exact, range, { includePrerelease: true });
}
