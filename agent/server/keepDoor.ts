import type { Doorkeeper } from './door';
import type { LocalAgent } from './localAgent';
import { Retirement } from './retirement';

/** Lets clients in; an agent that nobody can find any more leaves once what it is at has ended. */
export function keepDoor(agent: LocalAgent): Doorkeeper {
  const retirement = new Retirement(
    () => agent.activity(),
    reason => agent.leave(reason),
  );
  agent.onActivity(() => retirement.look());
  return {
    enter: (wire, token) => agent.serve(wire, token),
    isNeeded: () => agent.isNeeded(),
    restored: reason => retirement.begin(reason, 'runs and sessions'),
    displaced(reason) {
      agent.log.warn('Nobody can find this agent any more', { reason, runs: agent.activity().runs });
      agent.refuseRuns(reason);
      retirement.begin(reason, 'runs');
    },
  };
}
