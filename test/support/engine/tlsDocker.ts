import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../command';
import { freePort } from '../freePort';
import { type DockerOptions, startDocker } from './dockerd';
import type { RealEngine } from './engine';

/** A dockerd that is reached over TLS, too, and lets in who has a certificate of its CA. */
export interface TlsDocker extends RealEngine {
  readonly tls: {
    /** `tcp://127.0.0.1:PORT` */
    readonly address: string;
    /** `ca.pem`, `cert.pem` and `key.pem` of a client, as DOCKER_CERT_PATH wants them. */
    readonly certificates: string;
    /** The same of a client of a CA that is not trusted. */
    readonly foreign: string;
    /** `DOCKER_HOST`, `DOCKER_TLS_VERIFY`, `DOCKER_CERT_PATH`, an empty `DOCKER_CONFIG`. */
    readonly env: Readonly<Record<string, string>>;
  };
}

/** Certificates are made by `openssl` and good for a day. */
export async function startTlsDocker(options: Omit<DockerOptions, 'prepare'> = {}): Promise<TlsDocker> {
  const address = `tcp://127.0.0.1:${await freePort()}`;
  const engine = await startDocker({
    ...options,
    prepare: async folder => {
      const at = (name: string) => join(folder, 'tls', name);
      await mkdir(at('server'), { recursive: true });
      await makeAuthority(at('own'));
      await makeAuthority(at('other'));
      await makeCertificate(at('own'), at('server'), [
        'subjectAltName=IP:127.0.0.1',
        'extendedKeyUsage=serverAuth',
      ]);
      for (const ca of ['own', 'other'])
        await makeCertificate(at(ca), at(ca), ['extendedKeyUsage=clientAuth']);
      const files = [
        '--tlscacert',
        at('own/ca.pem'),
        '--tlscert',
        at('server/cert.pem'),
        '--tlskey',
        at('server/key.pem'),
      ];
      return ['--host', address, '--tlsverify', ...files];
    },
  });
  const certificates = join(engine.folder, 'tls', 'own');
  const env = {
    DOCKER_HOST: address,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: certificates,
    DOCKER_CONFIG: engine.env['DOCKER_CONFIG']!,
  };
  return { ...engine, tls: { address, certificates, foreign: join(engine.folder, 'tls', 'other'), env } };
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

async function makeAuthority(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = ['-keyout', join(folder, 'ca-key.pem'), '-out', join(folder, 'ca.pem')];
  await openssl('req', '-x509', ...newKey, ...files, '-subj', '/CN=handrail-test-ca', '-days', '1');
}

async function makeCertificate(ca: string, folder: string, extensions: readonly string[]): Promise<void> {
  const at = (name: string) => join(folder, name);
  await openssl(
    'req',
    ...newKey,
    '-keyout',
    at('key.pem'),
    '-out',
    at('request.pem'),
    '-subj',
    '/CN=handrail-test',
  );
  await writeFile(at('extensions'), extensions.join('\n'));
  const by = ['-CA', join(ca, 'ca.pem'), '-CAkey', join(ca, 'ca-key.pem'), '-CAcreateserial'];
  const files = ['-in', at('request.pem'), '-out', at('cert.pem'), '-extfile', at('extensions')];
  await openssl('x509', '-req', ...files, ...by, '-days', '1');
}

async function openssl(...args: string[]): Promise<void> {
  await runCommand('openssl', args, { deadline: 20_000 });
}
