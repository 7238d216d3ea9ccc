import type { RunObserver } from '../../engine/types';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { Diagnostic } from '../../runbook/model';
import { fileOf } from '../../protocol/fileOf';
import { saySince } from '../../protocol/words';
import { wordDiagnostics } from './wordDiagnostics';
import type { Screen, Terminal } from '../terminal/terminal';
import { plain, sayCount, sayPath, sayRunbook } from '../terminal/words';
import { footer, isLeft, stepsAsked } from './footer';
import { createNamedLines } from './namedLines';
import { hasEnded, wordStep } from './wordStep';

export interface TextStyle {
  /** Only the list of steps. */
  readonly quiet: boolean;
  /** Also what each step is about to run. */
  readonly verbose: boolean;
  /** Places in files are named from here. */
  readonly cwd: string;
  /** Whether the run can be looked at later. */
  readonly recorded: boolean;
  /** Who or what cancelled the run, in words. */
  readonly cause?: () => string | undefined;
}

/** Prints a run for a person: a cell's stdout to stdout; its stderr and everything about the work to stderr. */
export function createTextPresenter(terminal: Terminal, style: TextStyle): RunObserver {
  const told = new Map<number, string>();
  const lines = createNamedLines(terminal);
  let started = false;
  let doubtful: readonly Diagnostic[] = [];
  return {
    planned: warnings => void (doubtful = warnings),
    runChanged(run) {
      if (!started) {
        started = true;
        const lines = [header(run, terminal.stderr), ...wordDiagnostics(doubtful, run.file, style.cwd)];
        if (!style.quiet) say(terminal, lines.join('\n'));
      }
      if (run.state === 'running') return;
      const why = run.state === 'failed' ? (run.message ?? '') : '';
      if (why !== '') say(terminal, ['', ...why.split('\n').map(line => plain(line))].join('\n'));
      if (!style.quiet) say(terminal, `\n${footer(run, terminal.stderr, style)}`);
    },
    stepChanged(run, step) {
      lines.follow(step);
      const waits = !hasEnded(step) && step.message !== undefined;
      const state = `${step.state} ${step.attempt} ${waits}${step.state === 'pending' ? (step.message ?? '') : ''}`;
      const before = told.get(step.index);
      if (before === state) return;
      told.set(step.index, state);
      const text = hasEnded(step)
        ? ending(step, run, terminal.stderr, style)
        : before?.startsWith(`running ${step.attempt} `) === true
          ? nextAttempt(step, style)
          : beginning(step, terminal.stderr, style);
      if (text !== '') say(terminal, text);
    },
    output: (_run, step, piece) => (style.quiet ? undefined : lines.print(step, piece)),
  };
}

function header(run: RunRecord, { paint }: Screen): string {
  // Who acts where, as far as cells depend on it; Docker's usual endpoint is no news.
  const identity = (run.identity ?? []).filter(({ held, label }) => held && label !== 'default');
  const asked = stepsAsked(run);
  const targets = [...new Set(asked.map(({ target = 'local' }) => plain(target)))];
  const who = identity.map(({ kind, label }) => (isKube(kind) ? plain(label) : `${kind} ${plain(label)}`));
  const parts = [sayRunbook(run.file), sayCount(asked.length, 'step'), ...targets, ...who];
  return parts.map((part, at) => (at === 0 ? paint.color('bold', part) : part)).join(paint.dot);
}

/** Of the context in use, or of one that is called by its name. */
function isKube(kind: string): boolean {
  return kind === 'kube' || kind.startsWith('kube:');
}

function beginning(step: StepRecord, { paint }: Screen, style: TextStyle): string {
  if (style.quiet) return '';
  if (step.state === 'pending')
    return step.message === undefined
      ? ''
      : `\n${paint.marks.skipped} ${plain(step.name)}  ${plain(step.message)}`;
  const again = step.attempt > 1 ? `  attempt ${step.attempt}` : '';
  const line = `\n${paint.marks.running} ${paint.color('bold', plain(step.name))}${again}`;
  if (!style.verbose) return line;
  const commands = step.text.trimEnd().split('\n');
  return [line, ...commands.map(command => paint.color('dim', `  ${plain(command)}`))].join('\n');
}

/** What a step that runs says of its next attempt. */
function nextAttempt({ message }: StepRecord, { quiet }: TextStyle): string {
  return message === undefined || quiet ? '' : `  ${plain(message)}`;
}

function ending(step: StepRecord, run: RunRecord, screen: Screen, style: TextStyle): string {
  if (step.state === 'not-run' || isLeft(step)) return '';
  const line = wordStep(step, screen.paint);
  const place = step.state === 'failed' ? placeOf(step, run, style) : '';
  const lines = place === '' ? [line] : beside(line, place, screen);
  if (step.message !== undefined) lines.push(...step.message.split('\n').map(text => `  ${plain(text)}`));
  const since = style.quiet ? undefined : saySince(step, Date.now());
  if (since !== undefined) lines.push(screen.paint.color('dim', `  ${plain(since)}`));
  // A step that never began stands apart like one that did.
  return (step.startedAt === undefined && !style.quiet ? '\n' : '') + lines.join('\n');
}

function placeOf(step: StepRecord, run: RunRecord, { cwd }: TextStyle): string {
  return `${plain(sayPath(fileOf(run, step), cwd))}:${step.failedLine ?? step.line}`;
}

/** The place goes to the end of the line, or below where the terminal is too narrow. */
function beside(line: string, place: string, screen: Screen): string[] {
  const width = line.replace(/\u001b\[\d+m/g, '').length + 3 + place.length;
  return screen.tty && width > screen.columns ? [line, `  ${place}`] : [`${line}   ${place}`];
}

function say({ stdout, stderr }: Terminal, text: string): void {
  // Where both are one terminal, a cell that ended in mid-line must not have our words at the end of its own.
  const midLine = stderr.tty && (!stderr.atLineStart || (stdout.tty && !stdout.atLineStart));
  void stderr.write(`${midLine ? '\n' : ''}${text}\n`);
}
