import { createReadStream, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { detachedLogName } from '../../detachedMark';
import { fileOf } from '../../protocol/fileOf';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import { sayTook } from '../../protocol/sayTook';
import type { RunStore } from '../../store/types';
import { UsageError, type Action, type Call } from '../call';
import { exitCodes } from '../exitCodes';
import { hasEnded, wordStep } from '../present/wordStep';
import type { Screen } from '../terminal/terminal';
import { sayMoment, sayReason, saySince } from '../../protocol/words';
import { plain, sayCount, sayPath, sayTitle } from '../terminal/words';
import { wordRun, wordStepMore } from './wordRecord';
import { findRun, noSuchRun, withHistory } from './openHistory';

/** Lines and bytes of a failed step's output that are shown without being asked for. */
const tailLines = 10;
const tailBytes = 8 * 1024;

/** `handrail show RUN` */
export const showCommand: Action = async call => {
  const [id = 'last'] = call.args;
  const done = await withHistory(call, store => show(call, store, findRun(store, id)));
  if (done === undefined) throw noSuchRun(id);
  return done;
};

async function show(call: Call, store: RunStore, run: RunRecord): Promise<number> {
  const { options, terminal, cwd } = call;
  const wanted = options.flag('output') ? '' : options.text('output');
  if (wanted !== undefined) return printOutput(call, store, run, wanted);
  if (options.flag('json')) {
    void terminal.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
    return exitCodes.passed;
  }
  const { stdout } = terminal;
  void stdout.write(`${[heading(run, stdout, cwd), ...wordRun(run)].join('\n')}\n\n`);
  for (const step of run.steps) void stdout.write(stepText(step, store, run, stdout, cwd));
  return exitCodes.passed;
}

function heading(run: RunRecord, { paint }: Screen, cwd: string): string {
  const now = Date.now();
  const time = sayTook(run, now);
  const first = [paint.color('bold', sayTitle(run)), run.state, sayCount(run.stepsTotal, 'step')];
  if (time !== undefined) first.push(time);
  const second = [
    run.id,
    `by ${plain(run.user)} (${run.by}) on ${plain(run.host)}`,
    sayMoment(run.startedAt, now),
  ];
  const commit =
    run.commit === undefined
      ? ''
      : `${paint.dot}${run.commit.slice(0, 10)}${run.dirty ? ' and changes' : ''}`;
  return [first.join(paint.dot), second.join(paint.dot), `${plain(sayPath(run.file, cwd))}${commit}`].join(
    '\n',
  );
}

function stepText(step: StepRecord, store: RunStore, run: RunRecord, screen: Screen, cwd: string): string {
  // The state says `not run` for the steps that no run of the presenter ever mentions.
  const line =
    sayReason(step) === '' && !hasEnded(step)
      ? `${wordStep(step, screen.paint)}  ${step.state}`
      : wordStep(step, screen.paint);
  const more = wordStepMore(step, run).map(each => `  ${screen.paint.color('dim', each)}`);
  const told = (step.message ?? '').split('\n').filter(text => text !== '');
  const message = told.map(text => `  ${plain(text)}`);
  if (step.state !== 'failed' && step.state !== 'interrupted')
    return `${[line, ...more, ...message].join('\n')}\n`;
  const place = `${plain(sayPath(fileOf(run, step), cwd))}:${step.failedLine ?? step.line}`;
  const lines = [`${line}   ${place}`, ...more, ...message];
  const since = saySince(step, Date.now());
  if (since !== undefined) lines.push(`  ${plain(since)}`);
  lines.push(...tail(store, run, step).map(each => `  ${screen.paint.color('dim', each)}`));
  return `${lines.join('\n')}\n`;
}

/** The last lines of what the step printed, without what would steer the terminal. */
function tail(store: RunStore, run: RunRecord, step: StepRecord): string[] {
  const { bytes } = store.tailOutput(run.id, step.index, tailBytes);
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(\u0007|\u001b\\)/g, '');
  const lines = text.split(/\r?\n/).map(line => plain(line.slice(line.lastIndexOf('\r') + 1)));
  return lines.filter((line, at) => line !== '' || at < lines.length - 1).slice(-tailLines);
}

/** Bytes as they were printed, each stream to its own. */
async function printOutput(
  { terminal }: Call,
  store: RunStore,
  run: RunRecord,
  wanted: string,
): Promise<number> {
  const steps = wanted === '' ? run.steps : run.steps.filter(step => isNamed(step, wanted));
  if (steps.length === 0) {
    throw new UsageError(
      `run ${run.id} has no step ${wanted}. It has: ${run.steps.map(({ name }) => name).join(', ')}`,
    );
  }
  for (const step of steps) {
    let page = store.readOutput(run.id, step.index, 0, 1024 * 1024);
    let there = 0;
    for (;;) {
      there += page.cutBytes;
      if (page.cutBytes > 0) await terminal.stderr.write(`[${page.cutBytes} bytes were not kept]\n`);
      for (const { stream, bytes } of page.chunks) {
        there += bytes.length;
        await (stream === 'stderr' ? terminal.stderr : terminal.stdout).write(bytes);
      }
      if (!page.more) break;
      page = store.readOutput(run.id, step.index, page.seq, 1024 * 1024);
    }
    if (hasEnded(step) && there < step.outputBytes)
      await terminal.stderr.write(`[${step.outputBytes - there} bytes could not be recorded]\n`);
    if (step.background !== undefined)
      await printLog(terminal.stdout, store.statePath(run.id, step.index), step);
  }
  return exitCodes.passed;
}

/** What goes on after its run prints into files of its own. */
async function printLog(screen: Screen, state: string, { index }: StepRecord): Promise<void> {
  const log = join(dirname(state), detachedLogName(index));
  for (const path of [`${log}.1`, log].filter(one => existsSync(one)))
    for await (const bytes of createReadStream(path)) await screen.write(bytes as Buffer);
}

function isNamed({ name, index }: StepRecord, wanted: string): boolean {
  return name === wanted || String(index + 1) === wanted;
}
