import type { RunRecord, StepRecord } from '../protocol/runs';
import { durationText } from '../runbook/duration';
import { hasRun, took } from './facts';

/** A step's bar, in percent of the run's length. */
export interface Bar {
  readonly step: StepRecord;
  readonly left: number;
  readonly width: number;
}

/** A mark of the time axis. */
export interface Tick {
  readonly at: number;
  readonly label: string;
}

/** Where each step that ran lies within its run, and the marks of the axis. */
export function timeline(run: RunRecord): { bars: Bar[]; ticks: Tick[] } {
  const ran = run.steps.filter(hasRun);
  const ends = ran.map(step => (step.startedAt ?? 0) + took(step));
  const length = Math.max(1, (run.endedAt ?? 0) - run.startedAt, ...ends.map(end => end - run.startedAt));
  const percent = (ms: number): number => Math.min(100, Math.max(0, (ms / length) * 100));
  const bars = ran.map(step => {
    const left = percent((step.startedAt ?? run.startedAt) - run.startedAt);
    return { step, left, width: Math.min(100 - left, percent(took(step))) };
  });
  return { bars, ticks: ticksOf(length, percent) };
}

/** Lengths that a person counts in (milliseconds). */
const strides = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5,
  72e5, 216e5, 432e5,
];

function ticksOf(length: number, percent: (ms: number) => number): Tick[] {
  const stride = strides.find(each => length / each <= 6) ?? Math.ceil(length / 6 / 864e5) * 864e5;
  const ticks: Tick[] = [];
  for (let ms = 0; ms <= length; ms += stride) ticks.push({ at: percent(ms), label: label(ms) });
  return ticks;
}

function label(ms: number): string {
  if (ms === 0) return '0';
  return ms < 1000
    ? `${ms} ms`
    : durationText(ms)
        .replace(/\.0 s$/, ' s')
        .replace(/ 0 s$/, '')
        .replace(/ 0 min$/, '');
}
