import { userName } from '../../client/userName';
import { approvesAll } from '../../engine/plan/approvals';
import type { RunRequest } from '../../engine/types';
import { parseDuration } from '../../runbook/duration';
import { UsageError, type Call } from '../call';
import type { RunbookFile } from './readRunbook';
import { chooseCells } from './chooseCells';
import { inputOptions } from './inputOptions';

/** What the options ask to be run. */
export async function runRequest(
  call: Call,
  file: RunbookFile,
  cells: readonly string[],
): Promise<RunRequest> {
  const { options, terminal } = call;
  const timeout = timeoutOf(options.text('timeout'));
  const attended =
    terminal.attended && !options.flag('detach') && !options.flag('jsonl') && !options.flag('quiet');
  const request: RunRequest = {
    file: file.path,
    text: file.source,
    selection: { kind: 'all' },
    environment: {
      env: definedOnly(call.env),
      cwd: call.cwd,
      umask: process.umask(),
      user: userName(call.env),
      ...(attended ? { terminal: { columns: terminal.stdout.columns, rows: terminal.stdout.rows } } : {}),
    },
    by: 'cli',
    session: 'own',
    attended,
    ...(timeout === undefined ? {} : { timeout }),
    keepGoing: options.flag('keep-going'),
    approved: [...(options.flag('yes') ? [approvesAll] : []), ...options.list('approve')],
    inputs: await inputOptions(call, file.isPiped),
    rollback: options.flag('rollback'),
    ...parallelOf(options.text('parallel')),
    ...(options.text('target') === undefined ? {} : { target: options.text('target') }),
  };
  const approved = options.list('approve');
  if (approved.length > 0) (await import('./checkApprovals')).checkApprovals(request, approved);
  const selection = await chooseCells(request, {
    cells: file.line === undefined ? cells : [`:${file.line}`, ...cells],
    tags: options.list('tag'),
    skipTags: options.list('skip-tag'),
    from: options.text('from'),
    until: options.text('until'),
  });
  return { ...request, selection };
}

function parallelOf(text: string | undefined): { parallel?: number } {
  if (text === undefined) return {};
  const parallel = /^\d+$/.test(text) ? Number(text) : 0;
  if (parallel >= 1 && parallel <= mostParallel) return { parallel };
  throw new UsageError(`--parallel ${text}: say how many, from 1 to ${mostParallel}`);
}

const mostParallel = 64;

function timeoutOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const timeout = parseDuration(text) ?? 0;
  if (timeout > 0) return timeout;
  throw new UsageError(`--timeout ${text} is no length of time. Say for example 30s, 5m or 1h30m`);
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
