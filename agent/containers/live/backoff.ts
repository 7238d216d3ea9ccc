import type { EndpointTrouble } from '../../protocol/endpoints';

/** Milliseconds until the next try after so many failures in a row: doubled each time, bounded, with jitter. */
export function backoff(failures: number, isLocal: boolean): number {
  const most = isLocal ? 10_000 : 60_000;
  const wait = Math.min(500 * 2 ** (failures - 1), most);
  return wait * (0.7 + Math.random() * 0.6);
}

/** Whether trying again may help by itself. A login that is refused again and again locks accounts. */
export function retries(trouble: EndpointTrouble): boolean {
  return trouble !== 'login' && trouble !== 'invalid';
}
