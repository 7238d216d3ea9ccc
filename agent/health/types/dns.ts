import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import * as z from 'zod';
import { checkType, ProbeFailure } from './checkType';

const types = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'SRV', 'PTR', 'CAA', 'SOA'] as const;

const Options = z.strictObject({
  /** The name that is looked up. */
  query: z.string().min(1),
  record: z.enum(types).default('A'),
  /** IP address of who is asked, perhaps with a port; the system's own where there is none. */
  resolver: z
    .string()
    .refine(isServer, { message: 'expected an IP address, perhaps with a port: 192.0.2.1, 192.0.2.1:53' })
    .optional(),
});

function isServer(address: string): boolean {
  return isIP(address) !== 0 || /^\[[0-9a-f:]+\]:\d+$/i.test(address) || /^[\d.]+:\d+$/.test(address);
}

/** What a name server says of a name. */
export const dns = checkType({
  name: 'dns',
  about: 'what a name server says of a name',
  options: Options,
  values: {
    records: ['list', 'what was answered, as text: addresses, names, `10 mail.example.org`'],
    code: ['string', 'NOERROR, NXDOMAIN, NODATA, SERVFAIL, REFUSED'],
  },
  up: 'code == "NOERROR" && records.size() > 0',
  subject: ({ query, record, resolver }) =>
    `${record} ${query}${resolver === undefined ? '' : ` at ${resolver}`}`,
  async probe({ query, record, resolver }, { signal }) {
    const asking = new Resolver({ tries: 2 });
    if (resolver !== undefined) asking.setServers([resolver]);
    signal.addEventListener('abort', () => asking.cancel(), { once: true });
    try {
      return { code: 'NOERROR', records: [await asking.resolve(absolute(query), record)].flat().map(text) };
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (code === 'ECANCELLED') throw signal.reason;
      const answer = answers[code];
      if (answer !== undefined) return { code: answer, records: [] };
      const who = resolver ?? asking.getServers().join(', ');
      throw new ProbeFailure(`${who}: ${failures[code] ?? (error as Error).message}`, {
        unknown: resolver === undefined,
        cause: error,
      });
    }
  },
});

const answers: Readonly<Record<string, string>> = {
  ENOTFOUND: 'NXDOMAIN',
  ENODATA: 'NODATA',
  ESERVFAIL: 'SERVFAIL',
  EREFUSED: 'REFUSED',
  EFORMERR: 'FORMERR',
  ENOTIMP: 'NOTIMP',
};

const failures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no name server answers there',
  ETIMEOUT: 'no answer',
  EBADRESP: 'the answer is no DNS',
};

/** A whole name: what the system appends to short ones belongs to this machine. */
function absolute(name: string): string {
  return name.endsWith('.') ? name : `${name}.`;
}

/** Records as `dig +short` writes them. */
function text(record: unknown): string {
  if (typeof record === 'string') return record;
  if (Array.isArray(record)) return record.join('');
  return Object.entries(record as object)
    .filter(([key]) => key !== 'type')
    .map(([, value]) => String(value))
    .join(' ');
}
