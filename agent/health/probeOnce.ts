import type { CheckResult, CheckSpec } from './checkSpec';
import { celDuration, plainValue, sayMilliseconds } from './conditions/values';
import { ProbeFailure } from './types/checkType';

/** Text values are cut here for whoever keeps or prints them; conditions have seen all of it. Characters. */
const longestText = 1000;

/** Looks once, and says what came of it. Rejects only where `signal` ended it. */
export async function probeOnce(
  check: CheckSpec,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<CheckResult> {
  const deadline = AbortSignal.timeout(check.timeout);
  const begun = performance.now();
  const took = (): number => Math.round((performance.now() - begun) * 10) / 10;
  try {
    const ended = AbortSignal.any([signal, deadline]);
    // What a system hangs in, a dead mount say, knows of no signal.
    const found = await Promise.race([check.probe({ env, folder: '', signal: ended }), aborted(ended)]);
    const ms = took();
    return { ...judge(check, { ...found, time: celDuration(ms) }), ms };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (deadline.aborted) {
      const message = `${check.subject}: no answer within ${sayMilliseconds(check.timeout)}`;
      return { state: 'down', ms: took(), message, values: {} };
    }
    if (!(error instanceof ProbeFailure)) throw error;
    return { state: error.unknown ? 'unknown' : 'down', ms: took(), message: error.message, values: {} };
  }
}

/** Rejects once a signal is given. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const give = (): void => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

function judge(
  { up, degraded }: CheckSpec,
  found: Readonly<Record<string, unknown>>,
): Omit<CheckResult, 'ms'> {
  const values = shown(found);
  const isUp = up.test(found);
  if (!isUp.holds) return { state: 'down', message: isUp.message, values };
  const isDegraded = degraded?.test(found);
  if (isDegraded?.holds !== true) return { state: 'up', message: '', values };
  return { state: 'degraded', message: isDegraded.message, values };
}

function shown(found: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(found).map(([name, value]) => {
      const isLong = typeof value === 'string' && value.length > longestText;
      return [name, isLong ? `${value.slice(0, longestText)}…` : plainValue(value)];
    }),
  );
}
