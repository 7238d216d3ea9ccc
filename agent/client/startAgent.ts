import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Folders } from '../folders';
import { agentVariable } from '../agentVariable';
import { HandrailError } from '../protocol/errors';

/** How to start an agent: `node dist/agent.js`, with what the program needs in its environment beyond the usual. */
export interface AgentCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** An agent that was started and may not be listening yet. */
export interface StartedAgent {
  /** Why it has ended without being of use: undefined while it runs, or where another agent was there first. */
  failure(): HandrailError | undefined;
  /** Whether it is still running. */
  readonly isRunning: boolean;
}

/**
 * Starts an agent that outlives us: its own process group and session, no folder of ours, nothing of our terminal.
 * What it says before its log is open goes to `agent-start.log`.
 */
export function startAgent(start: AgentCommand, folders: Folders): StartedAgent {
  const errors = path.join(folders.runtime, 'agent-start.log');
  const stderr = fs.openSync(errors, 'w', 0o600);
  let ending: string | undefined;
  let hasFailed = false;
  const child = spawn(start.command, [...nodeOptions, ...start.args], {
    cwd: folders.runtime,
    env: { ...usualEnvironment(process.env, folders), ...start.env },
    detached: true,
    stdio: ['ignore', 'ignore', stderr],
    windowsHide: true,
  });
  fs.closeSync(stderr);
  child.once('error', error => {
    ending = error.message;
    hasFailed = true;
  });
  child.once('exit', (code, signal) => {
    ending ??= signal ?? `exit code ${String(code)}`;
    hasFailed ||= code !== 0;
  });
  child.unref();
  return {
    get isRunning() {
      return ending === undefined;
    },
    failure: () => (hasFailed ? failed(ending ?? '', start, errors) : undefined),
  };
}

/**
 * A young generation of 1 MiB: an agent that has worked then keeps some 85 MB rather than 106, and takes no longer for
 * anything. https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib
 */
const nodeOptions = ['--max-semi-space-size=1'];

const wanted =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|XDG_\w+|HANDRAIL_(HOME|IDLE_SECONDS)|SystemRoot|windir|ComSpec|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramData)$/i;

/**
 * Of our environment only what a program needs to find its way: cells run in their client's, never in the agent's.
 * We may ourselves run in a cell, whose marks would make the agent part of it, to be ended with it.
 */
function usualEnvironment(env: NodeJS.ProcessEnv, folders: Folders): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => wanted.test(name));
  const cache = path.join(folders.data, 'compile-cache');
  return { ...Object.fromEntries(kept), [agentVariable]: '1', NODE_COMPILE_CACHE: cache };
}

function failed(ending: string, { command, args }: AgentCommand, errors: string): HandrailError {
  const said = fs.readFileSync(errors, 'utf8').slice(-2000).trim();
  const reason = said === '' ? whyNothingSaid(errors) : said.split('\n').at(-1);
  const text = reason === undefined ? '' : `: ${reason}`;
  return new HandrailError('unavailable', `The agent did not start (${ending})${text}`, {
    reason: 'start',
    command: [command, ...args],
    ending,
    said,
  });
}

/** An agent on a full disk cannot even say so. */
function whyNothingSaid(errors: string): string | undefined {
  try {
    fs.appendFileSync(errors, '\n');
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
