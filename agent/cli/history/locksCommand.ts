import { existsSync } from 'node:fs';
import { userName } from '../../client/userName';
import { openAuditLog } from '../../openHistory';
import { HandrailError } from '../../protocol/errors';
import { sayTime } from '../../protocol/words';
import { isHere } from '../../store/hostProcess';
import { openLocks } from '../../store/locks';
import type { LockHolder, LockTable } from '../../store/types';
import { UsageError, type Action, type Call } from '../call';
import { exitCodes } from '../exitCodes';
import { printRows } from '../terminal/columns';
import { plain } from '../terminal/words';

/** `handrail locks` */
export const locksCommand: Action = call => {
  const folder = call.folders().runtime;
  const locks = existsSync(folder) ? openLocks(folder) : undefined;
  try {
    const name = call.options.text('release');
    if (name === undefined) list(call, locks?.list() ?? []);
    else release(call, name, locks);
    return Promise.resolve(exitCodes.passed);
  } finally {
    locks?.close();
  }
};

function list({ options, terminal }: Call, locks: ReturnType<LockTable['list']>): void {
  if (options.flag('json')) void terminal.stdout.write(`${JSON.stringify(locks, null, 2)}\n`);
  else if (locks.length === 0) void terminal.stderr.write('No lock is held.\n');
  else
    printRows(
      terminal.stdout,
      locks.map(({ name, heldBy }) => [name, ...wordHolder(heldBy)].map(plain)),
    );
}

function wordHolder({ run, file, step, user, since }: LockHolder): string[] {
  return [run, file, step, user, sayTime(since)];
}

/** It may let two run at a time, so it is in the audit log first. */
function release(call: Call, name: string, locks: LockTable | undefined): void {
  const held = locks?.list().find(lock => lock.name === name)?.heldBy;
  if (held === undefined) throw new UsageError(`nobody holds lock ${name}. What is held: handrail locks`);
  const { run, step, host } = held;
  if (isHere(host)) {
    throw new HandrailError(
      'invalidState',
      `Run ${run} holds lock ${name} and goes on. To end it: handrail cancel ${run}`,
    );
  }
  const log = openAuditLog(call.folders(), text => void call.terminal.stderr.write(`${text}\n`));
  try {
    const actor = `${userName(call.env)} via cli`;
    log.append({ action: 'lock.released', actor, subject: name, details: { run, step } });
  } finally {
    log.close();
  }
  locks?.free(name);
  void call.terminal.stderr.write(
    `Released: ${plain(name)}, held by ${wordHolder(held).map(plain).join(' · ')}\n`,
  );
}
