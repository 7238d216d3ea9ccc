import { Cron } from 'croner';
import * as z from 'zod';
import { Duration } from '../config/fields';

const Zone = z.string().refine(isZone, 'There is no such time zone; name it like Europe/Berlin');
const Moment = z
  .string()
  .refine(
    text => !Number.isNaN(Date.parse(text)),
    'Write it like 2026-11-24T02:00, or with an offset: …T02:00Z',
  );

/** A time in which a check may be down and nobody is told: once, or again and again. */
export const MaintenanceWindow = z.union(
  [
    z.strictObject({ from: Moment, to: Moment, zone: Zone.optional() }),
    z.strictObject({
      cron: z.string().refine(isCron, 'It is no cron expression of five fields: 0 2 * * 0'),
      for: Duration,
      zone: Zone.optional(),
    }),
  ],
  'A window has from and to, or cron and for; zone may name its time zone',
);
export type MaintenanceWindow = z.output<typeof MaintenanceWindow>;

/** Until when the window lasts that is open at `now`; undefined where none is. Milliseconds since 1970. */
export function maintenanceUntil(windows: readonly MaintenanceWindow[], now: number): number | undefined {
  const ends = windows.flatMap(window => endOf(window, now) ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

function endOf(window: MaintenanceWindow, now: number): number | undefined {
  if ('cron' in window) {
    // The first beginning that is not over yet.
    const begins = cronOf(window)
      .nextRun(new Date(now - window.for))
      ?.getTime();
    return begins !== undefined && begins <= now ? begins + window.for : undefined;
  }
  const [from, to] = [momentIn(window.from, window.zone), momentIn(window.to, window.zone)];
  return from <= now && now < to ? to : undefined;
}

const crons = new WeakMap<MaintenanceWindow, Cron>();

function cronOf(window: MaintenanceWindow & { cron: string }): Cron {
  const made =
    crons.get(window) ??
    new Cron(window.cron, { ...(window.zone !== undefined && { timezone: window.zone }), paused: true });
  crons.set(window, made);
  return made;
}

/** A text without an offset is told in its zone; without one in that of this machine. */
function momentIn(text: string, zone: string | undefined): number {
  if (zone === undefined || /(Z|[+-]\d\d:?\d\d)$/i.test(text)) return Date.parse(text);
  const asUtc = Date.parse(`${text.includes('T') ? text : `${text}T00:00`}Z`);
  const guess = asUtc - offsetAt(asUtc, zone);
  return asUtc - offsetAt(guess, zone);
}

/** Milliseconds that clocks in a zone are ahead of UTC. */
function offsetAt(moment: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const part = Object.fromEntries(
    format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function isCron(text: string): boolean {
  try {
    return new Cron(text, { paused: true, mode: '5-part' }).nextRun() !== undefined;
  } catch {
    return false;
  }
}
