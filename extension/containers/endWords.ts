import type { StreamEnd } from '../agent/agentStreams';

/** How a process in a container ended, for the last line of its terminal. */
export function endWords({ exit, message, hint, lost }: StreamEnd): string {
  if (lost === true) return 'ended: the agent is gone, and with it what ran here';
  const words = [
    ...(exit === undefined ? [] : [`exit ${String(exit)}`]),
    ...(message === undefined ? [] : [message]),
    ...(hint === undefined ? [] : [hint]),
  ];
  return words.length === 0 ? 'ended' : words.join(' · ');
}
