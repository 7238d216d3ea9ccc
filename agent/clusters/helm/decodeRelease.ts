import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as z from 'zod';
import { HandrailError } from '../../protocol/errors';

/** What Helm notes of a revision; what is not as it writes it, is taken for not there. */
const Release = z.object({
  info: z
    .object({
      last_deployed: text(),
      description: text(),
      status: text(),
      notes: text(),
    })
    .catch({ last_deployed: '', description: '', status: '', notes: '' }),
  chart: z
    .object({
      metadata: z
        .object({ name: text(), version: text(), appVersion: text() })
        .catch({ name: '', version: '', appVersion: '' }),
      values: values(),
    })
    .catch({ metadata: { name: '', version: '', appVersion: '' }, values: {} }),
  config: values(),
  manifest: text(),
});
export type Release = z.infer<typeof Release>;

/** Bytes of a record unpacked: an object of a cluster has 1.5 MB at most, and text packs to a tenth. */
const most = 32 * 2 ** 20;

/**
 * Reads a record: base64 of JSON, packed by gzip but for old ones; https://github.com/helm/helm/blob/v3.17.0/pkg/storage/driver/util.go.
 * Throws HandrailError `invalidState` where it is no such thing, or unpacks to more than 32 MiB.
 */
export async function decodeRelease(record: string): Promise<Release> {
  const packed = Buffer.from(record, 'base64');
  if (packed.length === 0) throw unreadable('it is empty');
  const isPacked = packed.subarray(0, 3).equals(gzipMagic);
  const json = isPacked ? await unpacked(packed) : packed;
  try {
    return Release.parse(JSON.parse(json.toString()));
  } catch (cause) {
    throw unreadable('it is no JSON object', cause);
  }
}

const gzipMagic = Buffer.from([0x1f, 0x8b, 0x08]);

const unpack = promisify(gunzip) as (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

async function unpacked(packed: Buffer): Promise<Buffer> {
  try {
    return await unpack(packed, { maxOutputLength: most });
  } catch (cause) {
    const isLarge = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw unreadable(isLarge ? 'it unpacks to more than 32 MiB' : 'it cannot be unpacked', cause);
  }
}

function unreadable(why: string, cause?: unknown): HandrailError {
  return new HandrailError(
    'invalidState',
    `The record of this release cannot be read: ${why}`,
    {},
    { cause },
  );
}

function text() {
  return z.string().catch('');
}

function values() {
  return z.record(z.string(), z.unknown()).catch({});
}
