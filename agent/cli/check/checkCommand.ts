import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import PQueue from 'p-queue';
import type { CheckResult, CheckSpec } from '../../health/checkSpec';
import { readHealthFile, type HealthReading } from '../../health/format/readHealthFile';
import { heldBackOnce } from '../../health/heldBack';
import { probeOnce } from '../../health/probeOnce';
import { decodeSource } from '../../runbook/decode';
import { UsageError, type Action, type Call } from '../call';
import { exitCodes } from '../exitCodes';
import { filesBelow } from '../filesBelow';
import { wordDiagnostics } from '../present/wordDiagnostics';
import { readNamedFile } from '../readNamedFile';
import { wordUnreadable } from '../wordUnreadable';
import { prometheusText } from './prometheusText';
import { environmentOf } from '../environmentOf';
import { followChecks } from './followChecks';
import { printChecks, type Checked } from './printChecks';

/** Probes at a time. */
const mostAtOnce = 64;

/** `handrail check [FILE…]`: looks at the checks once, or goes on with `--watch`. */
export const checkCommand: Action = async call => {
  const { checks, problems } = await readChecks(call);
  for (const problem of problems) {
    void call.terminal.stderr.write(`${wordDiagnostics([problem], problem.file, call.cwd).join('\n')}\n`);
  }
  const isInvalid = problems.some(({ severity }) => severity === 'error');
  if (checks.length === 0 && !isInvalid) throw new UsageError(nothing(call));
  if (call.options.flag('watch')) return followChecks(call, checks);
  const looked = await checkAll(call, checks);
  if (looked === undefined) return exitCodes.cancelled;
  const held = heldBackOnce(looked);
  const checked = looked.map((each, at) => ({ ...each, heldBackBy: held[at] }));
  print(call, checked);
  return isInvalid ? exitCodes.unusable : exitOf(checked, call.options.flag('strict'));
};

async function readChecks(call: Call): Promise<HealthReading> {
  const readings: HealthReading[] = [];
  for (const file of await healthFiles(call)) {
    readings.push(readHealthFile(file, decodeSource(readNamedFile(file)).replace(/^\uFEFF/, '')));
  }
  const tags = new Set(call.options.list('tag'));
  const isWanted = ({ tags: own }: CheckSpec): boolean => tags.size === 0 || own.some(tag => tags.has(tag));
  return {
    checks: readings.flatMap(({ checks }) => checks).filter(isWanted),
    problems: readings.flatMap(({ problems }) => problems),
  };
}

async function healthFiles({ args, cwd }: Call): Promise<string[]> {
  const files = new Set<string>();
  for (const path of args.length === 0 ? ['.'] : args) {
    const start = resolve(cwd, path);
    const info = await stat(start).catch((error: unknown) => {
      throw new UsageError(wordUnreadable(path, error), { cause: error });
    });
    if (!info.isDirectory()) files.add(start);
    else for await (const file of filesBelow(start, /\.health\.ya?ml$/i)) files.add(file);
  }
  return [...files].sort();
}

function nothing({ args, options }: Call): string {
  if (options.all('tag').length > 0) return `no check has the tag ${options.list('tag').join(' or ')}`;
  return `there is no check in ${args.length === 0 ? 'this folder' : args.join(', ')}: they stand in *.health.yaml`;
}

/** Undefined where it was interrupted. */
async function checkAll(call: Call, checks: readonly CheckSpec[]): Promise<Checked[] | undefined> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  const queue = new PQueue({ concurrency: mostAtOnce });
  const env = environmentOf(call.env);
  try {
    return await queue.addAll(
      checks.map(check => async () => ({ check, result: await probeOnce(check, env, interrupted.signal) })),
    );
  } catch (error) {
    if (interrupted.signal.aborted) return undefined;
    throw error;
  } finally {
    process.off('SIGINT', interrupt);
  }
}

function print(call: Call, checked: readonly Checked[]): void {
  const { terminal, options } = call;
  if (options.flag('json')) void terminal.stdout.write(`${JSON.stringify(checked.map(asJson), null, 2)}\n`);
  else if (options.flag('prometheus')) void terminal.stdout.write(prometheusText(checked));
  else printChecks(call, checked);
}

function asJson({ check: { name, type }, result, heldBackBy }: Checked): object {
  const { state, ms, message, values } = result;
  return { name, type, state, ms, message, values, ...(heldBackBy !== undefined && { heldBackBy }) };
}

function exitOf(checked: readonly Checked[], isStrict: boolean): number {
  const states = new Set(checked.map(({ result }): CheckResult['state'] => result.state));
  const isBad = states.has('down') || (isStrict && (states.has('degraded') || states.has('unknown')));
  return isBad ? exitCodes.failed : exitCodes.passed;
}
