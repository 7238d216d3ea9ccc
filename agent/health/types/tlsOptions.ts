import { resolve } from 'node:path';
import * as z from 'zod';
import { readRegularFile } from '../../readRegularFile';
import { ProbeFailure } from './checkType';

/** How a server's certificate is looked at, and which one it gets from us. */
export const TlsOptions = {
  /** Whether the certificate has to be trusted (true). */
  verify: z.boolean().default(true),
  /** A file with the authorities that are trusted, PEM. */
  ca: z.string().optional(),
  /** Files with a certificate of ours and its key, PEM. */
  certificate: z.string().optional(),
  key: z.string().optional(),
  /** The name that is asked for, where it is not that of the address. */
  servername: z.string().optional(),
};

type Given = z.output<z.ZodObject<typeof TlsOptions>>;

/** The same as Node's TLS takes it; relative paths begin at `folder`. */
export function tlsOptions({ verify, ca, certificate, key, servername }: Given, folder: string) {
  const read = (path: string): Buffer => {
    try {
      return readRegularFile(resolve(folder, path));
    } catch (error) {
      throw new ProbeFailure(`${path} cannot be read: ${(error as Error).message}`, { unknown: true });
    }
  };
  return {
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca: read(ca) }),
    ...(certificate !== undefined && { cert: read(certificate) }),
    ...(key !== undefined && { key: read(key) }),
    ...(servername !== undefined && { servername }),
  };
}
