import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import * as z from 'zod';
import { celDuration } from '../conditions/values';
import { checkType, ProbeFailure } from './checkType';
import { networkFailure } from './networkFailure';
import { opened } from './opened';
import { PortAddress } from './portAddress';
import { TlsOptions, tlsOptions } from './tlsOptions';

const Options = z.strictObject({ address: PortAddress, ...TlsOptions });

/** A server's certificate: how long it holds, for whom, and whether it is trusted. */
export const tls = checkType({
  name: 'tls',
  about: "a server's certificate: how long it holds, for whom, and whether it is trusted",
  options: Options,
  values: {
    expires: ['duration', 'until the first certificate of the chain expires; negative where one has'],
    subject: ['string', 'the name it was made for'],
    issuer: ['string', 'who made it'],
    names: ['list', 'all names it is for'],
    protocol: ['string', 'TLSv1.2, TLSv1.3'],
    chain: ['int', 'how many certificates there are up to the authority'],
    trusted: ['bool', 'whether it is trusted here, and for that name'],
    fingerprint: ['string', 'SHA-256'],
  },
  up: 'trusted && expires > duration("336h")',
  subject: ({ address }) => address.written,
  async probe(options, { signal, folder }) {
    const { address, verify, servername } = options;
    // It is looked at whatever it is: that it is not trusted is one of the values.
    const given = { ...tlsOptions(options, folder), rejectUnauthorized: false };
    const name = servername ?? (isIP(address.host) === 0 ? address.host : undefined);
    const socket = connect({ ...address, ...given, ...(name !== undefined && { servername: name }) });
    try {
      await opened(socket, 'secureConnect', signal);
      const leaf = socket.getPeerCertificate(true);
      if (leaf.raw === undefined) throw new ProbeFailure(`${address.written}: it has no certificate`);
      return {
        ...valuesOf(leaf),
        protocol: socket.getProtocol() ?? '',
        trusted: !verify || socket.authorized,
      };
    } catch (error) {
      throw networkFailure(error, address.written);
    } finally {
      socket.destroy();
    }
  },
});

type Detailed = PeerCertificate & { readonly issuerCertificate?: Detailed };

function valuesOf(leaf: Detailed): Record<string, unknown> {
  const chain = chainOf(leaf);
  const ends = Math.min(...chain.map(({ valid_to }) => Date.parse(valid_to)));
  return {
    expires: celDuration(ends - Date.now()),
    subject: one(leaf.subject?.CN),
    issuer: one(leaf.issuer?.CN ?? leaf.issuer?.O),
    names: (leaf.subjectaltname ?? '')
      .split(', ')
      .flatMap(name => /^(?:DNS|IP Address):(.*)$/.exec(name)?.[1] ?? []),
    chain: BigInt(chain.length),
    fingerprint: leaf.fingerprint256,
  };
}

function one(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** An authority is its own issuer. */
function chainOf(leaf: Detailed): Detailed[] {
  const chain: Detailed[] = [];
  for (let at: Detailed | undefined = leaf; at?.raw !== undefined; at = at.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === at?.fingerprint256)) break;
    chain.push(at);
  }
  return chain;
}
