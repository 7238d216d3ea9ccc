import type { OutputEvent } from '../../engine/types';
import type { StepRecord } from '../../protocol/runs';
import type { Screen, Terminal } from '../terminal/terminal';
import { plain } from '../terminal/words';
import { unfinished } from './utf8Split';

/** Prints what steps print; where several run at the same time, a person sees which line is whose. */
export interface NamedLines {
  /** Takes note of whether a step runs. */
  follow(step: StepRecord): void;
  /** A returned promise is back-pressure. */
  print(step: StepRecord, piece: OutputEvent): void | Promise<void>;
}

/**
 * Lines of steps that run at the same time stand whole, behind the step's name, on a screen that is a terminal; in a
 * file or a pipe they are data and stay as they are. So does what a step with a terminal of its own prints: it may
 * move about on it.
 */
export function createNamedLines(terminal: Terminal): NamedLines {
  const running = new Set<number>();
  /** Beginnings of lines, by step and screen. */
  const held = new Map<string, Uint8Array>();
  const screens = { out: terminal.stdout, err: terminal.stderr };
  return {
    follow(step) {
      if (runs(step)) running.add(step.index);
      else running.delete(step.index);
      if (runs(step)) return;
      for (const to of ['out', 'err'] as const) {
        const rest = held.get(`${step.index} ${to}`);
        held.delete(`${step.index} ${to}`);
        if (rest !== undefined) void screens[to].write(named(step, rest, screens[to]));
      }
    },
    print(step, piece) {
      const to = piece.stream === 'stderr' ? 'err' : 'out';
      const screen = screens[to];
      const key = `${step.index} ${to}`;
      const isBeside = running.size > 1 || held.has(key);
      if (!screen.tty || !isBeside || step.tty) return screen.write(piece.bytes);
      const all = Buffer.concat([held.get(key) ?? new Uint8Array(), piece.bytes]);
      const end = all.length > longestLine ? all.length - unfinished(all) : all.lastIndexOf(newline) + 1;
      if (end === all.length) held.delete(key);
      else held.set(key, all.subarray(end));
      return end === 0 ? undefined : screen.write(named(step, all.subarray(0, end), screen));
    },
  };
}

/** Also what goes on in the background prints between the lines of others. */
function runs({ state, background }: StepRecord): boolean {
  return state === 'running' || background === 'running';
}

/** Each line behind the name of its step, the last one ended. */
function named({ name }: StepRecord, lines: Uint8Array, { paint, atLineStart }: Screen): Uint8Array {
  const mark = Buffer.from(paint.color('dim', `${plain(name)} | `));
  const parts: Uint8Array[] = atLineStart ? [] : [Buffer.from('\n')];
  for (let at = 0; at < lines.length;) {
    const end = lines.indexOf(newline, at);
    const next = end < 0 ? lines.length : end + 1;
    parts.push(mark, lines.subarray(at, next));
    if (end < 0) parts.push(Buffer.from('\n'));
    at = next;
  }
  return Buffer.concat(parts);
}

const newline = 10;

/** Bytes that are held of a line whose end has not come; longer ones are broken. */
const longestLine = 8192;
