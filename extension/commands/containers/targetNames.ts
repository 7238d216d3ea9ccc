import type { EngineRow } from '../../../agent/protocol/containers';
import type { Endpoint } from '../../../agent/protocol/endpoints';
import { imageName } from '../../views/containers/objectWords';

/** What a person calls a thing of an engine. */
export function nameOfTarget(row: EngineRow): string {
  switch (row.kind) {
    case 'image':
      return imageName(row);
    case 'volume':
      return row.id;
    default:
      return row.name;
  }
}

/** `docker (default), host buildbox`: where something is going to happen. */
export function placeOf({ name, address, state }: Pick<Endpoint, 'name' | 'address' | 'state'>): string {
  return `${name}, ${state.kind === 'connected' ? `host ${state.host}` : address}`;
}
