import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Path of the certificate, which is its own CA. */
  readonly path: string;
}

/** A new certificate for 127.0.0.1, made by `openssl`, that is good for a day. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const path = join(folder, 'cert.pem');
  const key = join(folder, 'key.pem');
  const name = ['-subj', '/CN=handrail-test', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await runCommand('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', path, ...name], {
    deadline: 10_000,
  });
  return { key: await readFile(key, 'utf8'), cert: await readFile(path, 'utf8'), path };
}
