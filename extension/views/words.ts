/** How long ago, for results: `just now`, `5 min ago`, `2 h ago`, `3 days ago`. */
export function ago(time: number, now: number): string {
  const minutes = Math.floor((now - time) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${String(minutes)} min ago`;
  if (minutes < 24 * 60) return `${String(Math.floor(minutes / 60))} h ago`;
  const days = Math.floor(minutes / (24 * 60));
  return days === 1 ? '1 day ago' : `${String(days)} days ago`;
}

/** When something was, for lists: `18:02`, `yesterday 18:02`, `Tuesday 18:02`, `3 Nov 18:02`. */
export function moment(time: number, now: number): string {
  const at = new Date(time);
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const days = Math.round((midnight(now) - midnight(time)) / 86_400_000);
  if (days <= 0) return clock;
  if (days === 1) return `yesterday ${clock}`;
  if (days < 7) return `${at.toLocaleDateString('en-GB', { weekday: 'long' })} ${clock}`;
  const year = at.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const };
  return `${at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year })} ${clock}`;
}

function midnight(time: number): number {
  return new Date(time).setHours(0, 0, 0, 0);
}

function pad(number: number): string {
  return String(number).padStart(2, '0');
}
