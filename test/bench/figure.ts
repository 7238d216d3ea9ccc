/** One measured value and what it is held against. */
export interface Line {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ms' | 'MB' | 'wake-ups' | 'requests' | 'rows' | '% of a core';
  /** With a baseline: how many times the baseline the value may be. Without: how much the value may be. */
  readonly budget: number;
  readonly baseline?: { readonly what: string; readonly value: number };
}

/** A figure of the benchmark: everything it needs it makes in a folder of its own; baselines in the same run. */
export interface Figure {
  readonly name: string;
  measure(bench: Bench): Promise<Line[]>;
}

/** Throw it where a figure cannot be measured on this machine; the message says why. */
export class CannotMeasure extends Error {}

/** What a figure has to work with. */
export interface Bench {
  /** An empty folder that goes afterwards; also `HANDRAIL_HOME` lies in it. */
  readonly folder: string;
  /** The environment of programs that are measured. */
  readonly env: NodeJS.ProcessEnv;
  /** Path of a bundle in `dist/`. */
  bundle(name: string): string;
  /** Writes a file into the folder and gives its path. */
  write(name: string, text: string): Promise<string>;
}

/** Whether a line keeps to its budget. */
export function isHeld({ value, budget, baseline }: Line): boolean {
  return value <= budget * (baseline?.value ?? 1);
}

/** name, value, unit, baseline, ratio, budget, held or not */
export function formatLine(line: Line): string {
  const { name, value, unit, budget, baseline } = line;
  const columns = [
    name.padEnd(24),
    `${round(value)} ${unit}`.padStart(14),
    (baseline ? `${baseline.what} ${round(baseline.value)} ${unit}` : '–').padEnd(44),
    (baseline ? `${round(value / baseline.value)} ×` : '–').padStart(8),
    (baseline ? `≤ ${budget} ×` : `≤ ${budget} ${unit}`).padEnd(14),
    isHeld(line) ? 'held' : 'NOT held',
  ];
  return columns.join('  ');
}

function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}
