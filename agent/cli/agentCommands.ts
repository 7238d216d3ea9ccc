import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentConnection } from '../client/connection';
import { type ErrorName, HandrailError } from '../protocol/errors';
import { agentStatus, shutdown } from '../protocol/handshake';
import { UsageError, type Action, type Call } from './call';
import { connect } from './connect';
import { exitCodes } from './exitCodes';
import { sayMoment } from '../protocol/words';
import { sayCount } from './terminal/words';

/** `handrail agent start` */
export const startAgent: Action = async call => {
  const connection = await connect(call, {});
  void call.terminal.stderr.write(`the agent runs, pid ${connection.agent.pid}\n`);
  connection.dispose();
  return exitCodes.passed;
};

/** `handrail agent status` */
export const agentStatusCommand: Action = async call => {
  const { terminal, options } = call;
  const connection = await running(call);
  if (connection === undefined) {
    void (options.flag('json') ? terminal.stdout.write('null\n') : terminal.stderr.write('no agent runs\n'));
    return exitCodes.failed;
  }
  const status = await connection.request(agentStatus, {}).finally(() => connection.dispose());
  if (options.flag('json')) {
    void terminal.stdout.write(`${JSON.stringify(status, null, 2)}\n`);
    return exitCodes.passed;
  }
  const lines = [
    `Handrail ${status.version}, pid ${status.pid}, started ${sayMoment(Date.parse(status.startedAt), Date.now())}`,
    [
      sayCount(status.runs, 'run'),
      sayCount(status.sessions, 'session'),
      sayCount(status.clients, 'client'),
      `${Math.round(status.resident / 1024 / 1024)} MiB`,
    ].join(terminal.stdout.paint.dot),
    status.socket,
  ];
  void terminal.stdout.write(`${lines.join('\n')}\n`);
  return exitCodes.passed;
};

/** `handrail agent stop` */
export const stopAgent: Action = async call => {
  const connection = await running(call);
  if (connection === undefined) {
    void call.terminal.stderr.write('no agent runs\n');
    return exitCodes.passed;
  }
  try {
    await connection.request(shutdown, { force: call.options.flag('force') });
  } catch (error) {
    if (isError(error, 'busy')) {
      throw new UsageError('the agent is busy: wait, or end what it does with --force', { cause: error });
    }
    // It may hang up before its answer has left: whether it ends is seen below.
    if (!isError(error, 'unavailable')) throw error;
  } finally {
    connection.dispose();
  }
  const { pid } = connection.agent;
  const gone = await hasEnded(pid, 15_000);
  void call.terminal.stderr.write(
    gone ? 'the agent has ended\n' : `the agent still ends something, pid ${pid}\n`,
  );
  return gone ? exitCodes.passed : exitCodes.failed;
};

/** `handrail agent log` */
export const agentLog: Action = async call => {
  const wanted = Number(call.options.text('lines') ?? 100);
  if (!Number.isInteger(wanted) || wanted < 1) throw new UsageError('--lines wants a number above 0');
  const { logs } = call.folders();
  const path = await newestLog(logs);
  if (path === undefined) {
    void call.terminal.stderr.write(`no log yet in ${logs}\n`);
    return exitCodes.passed;
  }
  void call.terminal.stderr.write(`${path}\n`);
  await call.terminal.stdout.write(await lastLines(path, wanted));
  return exitCodes.passed;
};

async function running(call: Call): Promise<AgentConnection | undefined> {
  try {
    return await connect(call, { start: false });
  } catch (error) {
    if (isError(error, 'unavailable')) return undefined;
    throw error;
  }
}

function isError(error: unknown, code: ErrorName): boolean {
  return error instanceof HandrailError && error.code === code;
}

async function hasEnded(pid: number, within: number): Promise<boolean> {
  for (const until = performance.now() + within; performance.now() < until; await delay(20)) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
  }
  return false;
}

async function newestLog(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  const logs = names.filter(name => name.endsWith('.log')).map(name => join(folder, name));
  const times = await Promise.all(logs.map(async path => ({ path, time: (await stat(path)).mtimeMs })));
  return times.sort((a, b) => b.time - a.time)[0]?.path;
}

/** The end of a file, of which only the last mebibyte is looked at. */
async function lastLines(path: string, count: number): Promise<string> {
  const { size } = await stat(path);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(path, { start: Math.max(0, size - 1024 * 1024) }))
    chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return lines.slice(-count - 1).join('\n');
}
