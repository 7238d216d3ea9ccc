/**
 * When a line of a log was written, as it says itself near its beginning: ISO 8601, syslog, and what nginx and Apache
 * write. Milliseconds since 1970; undefined where it says nothing. Times without a zone are local.
 */
export function lineTime(line: string, now: number): number | undefined {
  const start = line.slice(0, 300);
  const [, date, time, zone = ''] = iso.exec(start) ?? [];
  if (date !== undefined && time !== undefined)
    return valid(`${date.replaceAll('/', '-')}T${time.replace(',', '.')}${zone.trim()}`);
  const [, day, month, year, clock, offset] = apache.exec(start) ?? [];
  if (clock !== undefined) return valid(`${day} ${month} ${year} ${clock} ${offset}`);
  const [written] = syslog.exec(start) ?? [];
  if (written === undefined) return undefined;
  const thisYear = valid(`${written} ${new Date(now).getFullYear()}`);
  // A line of December is read in January.
  const isAhead = thisYear !== undefined && thisYear > now + 86_400_000;
  return isAhead ? valid(`${written} ${new Date(now).getFullYear() - 1}`) : thisYear;
}

const iso = /(\d{4}[-/]\d\d[-/]\d\d)[T ](\d\d:\d\d:\d\d(?:[.,]\d{1,9})?)( ?(?:Z|[+-]\d\d:?\d\d))?/;
const apache = /\[(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\]/;
const syslog = /^(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)/;

function valid(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
