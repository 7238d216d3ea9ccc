import { sayTook } from '../../agent/protocol/sayTook';
import { sayReason } from '../../agent/protocol/words';
import type { StepStatus } from './messages';

/** How an output's last line reads: a sign, words, and whether it should be seen at all times. */
export interface StatusText {
  readonly sign: string;
  readonly text: string;
  readonly tone: 'quiet' | 'failure' | 'warning';
}

/** What the line below an output says; undefined while there is nothing to say. */
export function statusText(status: StepStatus): StatusText | undefined {
  const took = sayTook(status);
  switch (status.state) {
    case 'pending':
      return { sign: '', text: `waiting${status.message ? ` for ${status.message}` : ''}…`, tone: 'quiet' };
    case 'running':
      return undefined;
    case 'passed':
      return { sign: '✓', text: join(took ?? 'passed', status.message), tone: 'quiet' };
    case 'failed':
      return {
        sign: '✗',
        text: join(failure(status), isLimited(status) ? undefined : took),
        tone: 'failure',
      };
    case 'cancelled':
      return { sign: '■', text: join(sayReason(status), took), tone: 'warning' };
    case 'interrupted':
      return {
        sign: '■',
        text: join('interrupted', status.message ?? 'the agent ended while it ran', took),
        tone: 'warning',
      };
    case 'skipped':
      return { sign: '↷', text: skipped(status), tone: 'quiet' };
    case 'not-run':
      return { sign: '', text: join('not run', status.message), tone: 'quiet' };
  }
}

/** How long an output is: `20,001 lines`; without a count of lines, or where no line is whole, its size. */
export function extentText(lines: number | undefined, bytes: number): string {
  if (lines === undefined || lines === 0) return sizeText(bytes);
  return lines === 1 ? '1 line' : `${lines.toLocaleString('en')} lines`;
}

/** Bytes for people: `812 bytes`, `3.2 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

function failure(status: StepStatus): string {
  switch (status.reason) {
    case 'signal':
    case 'timeout':
    case 'lost':
      return join(sayReason(status), status.message);
    case 'error':
      return status.message ?? sayReason(status);
    default:
      return exited(status);
  }
}

/** Whether its message tells already how long it took. */
function isLimited({ reason, message }: StepStatus): boolean {
  return reason === 'timeout' && message !== undefined;
}

/** Where the message tells the exit code, it is not told twice. */
function exited(status: StepStatus): string {
  const { exit, message } = status;
  const told = exit !== undefined && message?.includes(`exited ${exit}`);
  return told ? (message ?? '') : join(sayReason(status), message);
}

function skipped(status: StepStatus): string {
  if (status.reason === 'satisfied') return sayReason(status);
  return join(
    'skipped',
    status.message ?? (status.reason === 'guard' ? 'its condition was not met' : undefined),
  );
}

function join(...parts: (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join(' · ');
}
