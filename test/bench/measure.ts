import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Medians of two things measured in turn, so that what else the machine does hits both alike. */
export async function mediansInTurn(
  times: number,
  first: () => Promise<number>,
  second: () => Promise<number>,
): Promise<[number, number]> {
  await first();
  await second();
  const values: [number[], number[]] = [[], []];
  for (let i = 0; i < times; i++) {
    values[0].push(await first());
    values[1].push(await second());
  }
  return [median(values[0]), median(values[1])];
}

/** The 95th percentile, in milliseconds, of what several things take that are done in turn. */
export async function p95(actions: readonly (() => Promise<unknown>)[], times = 8): Promise<number> {
  for (const act of actions) await act();
  const values: number[] = [];
  for (let i = 0; i < times; i++) {
    for (const act of actions) {
      const start = performance.now();
      await act();
      values.push(performance.now() - start);
    }
  }
  return values.sort((a, b) => a - b)[Math.floor(0.95 * values.length)]!;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1]!;
}

export interface Measured {
  readonly ms: number;
  readonly stdoutBytes: number;
  /** Most that was resident at once, in MB (10⁶ bytes); 0 where /proc is not there. */
  readonly peakMB: number;
}

/** Runs a program to its end, reading what it prints through a pipe. Throws unless it exits 0. */
export function measureProcess(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdoutBytes = 0;
    let peakMB = 0;
    let errors = '';
    const look = setInterval(() => (peakMB = residentMB(child.pid!, 'VmHWM') || peakMB), 20);
    child.stdout.on('data', (chunk: Buffer) => (stdoutBytes += chunk.length));
    child.stderr.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2000)));
    child.once('error', reject);
    child.once('close', code => {
      clearInterval(look);
      if (code === 0) resolve({ ms: performance.now() - start, stdoutBytes, peakMB });
      else reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}: ${errors}`));
    });
  });
}

/** Memory of a process in MB: `VmRSS` now, `VmHWM` at most; 0 where it cannot be told. */
export function residentMB(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return (Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024) / 1e6;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0; // It has just ended.
    throw error;
  }
}
