import type { CheckRow } from '../../../agent/protocol/health';
import { durationText } from '../../../agent/runbook/duration';

type State = CheckRow['state'];

/** What is worst comes first. */
export const worstFirst: readonly State[] = [
  'down',
  'held',
  'unknown',
  'degraded',
  'pending',
  'up',
  'muted',
  'maintenance',
];

/** `down 3 min · status was 503, wanted 200`; while it is up, what it looks at and how long that took. */
export function describeCheck(row: CheckRow, now: number): string {
  const { state, since, message, subject, recent, outdated, heldBackBy } = row;
  const parts = {
    up: [subject, tookText(recent.at(-1)?.ms)],
    degraded: [`degraded ${lengthText(now - since)}`, message],
    down: [`down ${lengthText(now - since)}`, message],
    unknown: [`unknown ${lengthText(now - since)}`, message],
    pending: [recent.length === 0 ? 'not looked at yet' : 'not sure yet', message],
    held: [message],
    muted: [`muted${untilText(row, now)}`, beneath(row)],
    maintenance: [`maintenance${untilText(row, now)}`, beneath(row)],
  }[state];
  const old = outdated === undefined ? [] : ['its file is invalid'];
  const held = heldBackBy === undefined ? [] : [`held back by ${heldBackBy}`];
  return [...held, ...parts, ...old].filter(part => part !== '').join(' · ');
}

/** `2 down · 40 up` */
export function describeGroup(rows: readonly CheckRow[]): string {
  return worstFirst
    .map(state => [rows.filter(row => row.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${String(count)} ${state}`)
    .join(' · ');
}

/** Rows as they are listed: what is worst first, then by name. */
export function sortChecks(rows: readonly CheckRow[]): CheckRow[] {
  const rank = ({ state }: CheckRow): number => worstFirst.indexOf(state);
  return [...rows].sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}

/** `✓ 42 up`, `✗ 2 down · api, db`: the worst of all. */
export function statusText(rows: readonly CheckRow[]): string {
  const worst = worstFirst.find(state => rows.some(row => row.state === state)) ?? 'up';
  const of = rows.filter(({ state }) => state === worst);
  if (worst === 'up' || worst === 'pending') return `${marks[worst]} ${String(of.length)} ${worst}`;
  const names = of.slice(0, 3).map(({ name }) => name);
  const more = of.length > names.length ? ', …' : '';
  return `${marks[worst]} ${String(of.length)} ${worst} · ${names.join(', ')}${more}`;
}

const marks: Readonly<Record<State, string>> = {
  up: '$(pass)',
  degraded: '$(warning)',
  down: '$(error)',
  unknown: '$(question)',
  pending: '$(clock)',
  held: '$(lock)',
  muted: '$(bell-slash)',
  maintenance: '$(tools)',
};

/** ` for 25 min` */
function untilText({ until }: CheckRow, now: number): string {
  return until === undefined ? '' : ` for ${lengthText(until - now)}`;
}

/** How it would stand otherwise. */
function beneath({ actual, message }: CheckRow): string {
  if (actual === undefined || actual === 'up') return actual ?? '';
  return message === '' ? actual : `${actual}: ${message}`;
}

/** Two units at most: `3 min`, `2 h 5 min`. */
export function lengthText(ms: number): string {
  if (ms < 60_000) return `${String(Math.max(0, Math.round(ms / 1000)))} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48)
    return minutes % 60 === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes % 60)} min`;
  return `${String(Math.round(hours / 24))} d`;
}

export function tookText(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 1000 ? `${String(Math.round(ms))} ms` : durationText(Math.round(ms / 100) * 100);
}
