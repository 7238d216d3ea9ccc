import type { CheckResult, CheckSpec } from './checkSpec';
import type { WatchClock } from './watchClock';

/** Types that look at something over a network. */
const overNetwork: ReadonlySet<string> = new Set([
  ...['http', 'tcp', 'tls', 'dns', 'icmp', 'grpc', 'prometheus', 'alertmanager'],
]);

const ownAddress = /(^|[/@\s])(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?)([:/\s]|$)/i;

/** What a probe says of something elsewhere that failed while this machine had no network: nothing. */
export function offlineResult(
  { type, subject }: Pick<CheckSpec, 'type' | 'subject'>,
  result: CheckResult,
  clock: Pick<WatchClock, 'isOnline'>,
): CheckResult | undefined {
  if (result.state !== 'down' || !overNetwork.has(type) || ownAddress.test(subject)) return undefined;
  if (clock.isOnline()) return undefined;
  return { ...result, state: 'unknown', message: `this machine is offline: ${result.message}` };
}
