import type { Endpoint } from '../../../agent/protocol/endpoints';

/** `docker (default), host buildbox`: where something is going to happen. */
export function placeOf({ name, address, state }: Pick<Endpoint, 'name' | 'address' | 'state'>): string {
  return `${name}, ${state.kind === 'connected' ? `host ${state.host}` : address}`;
}
