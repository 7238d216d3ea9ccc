import { HandrailError } from '../protocol/errors';
import type { Rendezvous } from '../rendezvous';
import { Link } from './connection';
import { dial } from './dial';
import { type ClientName, sayHello } from './greet';

/**
 * Talks shortly to an agent of any version, if one is there: after a handshake with another protocol it may still
 * be asked for its status and to leave.
 */
export async function callAt(
  place: Rendezvous,
  client: ClientName,
  talk: (link: Link) => Promise<void>,
): Promise<void> {
  const dialled = await dial(place);
  if (dialled === undefined) return;
  const link = new Link(dialled.wire);
  try {
    await sayHello(link, { client, trusted: false, token: dialled.token }).catch(unlessIncompatible);
    await talk(link);
  } finally {
    link.dispose();
  }
}

function unlessIncompatible(error: unknown): void {
  if (!(error instanceof HandrailError && error.code === 'incompatible')) throw error;
}
