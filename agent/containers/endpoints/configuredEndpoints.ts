import { join } from 'node:path';
import type { ConfiguredEndpoints } from '../../config/configFile';
import { tlsFilesIn } from './dockerFiles';
import type { FoundEndpoint } from './foundEndpoint';
import { sshEnvironment } from './sshEnvironment';

/** The engines that a person's `config.yaml` names. */
export function configuredEndpoints(
  configured: ConfiguredEndpoints,
  env: Readonly<Record<string, string>>,
): FoundEndpoint[] {
  return Object.entries(configured).map(([name, { address, certificates, verify }]): FoundEndpoint => {
    const folder = certificates?.replace(/^~(?=\/)/, env['HOME'] ?? '~');
    const files = folder === undefined ? undefined : tlsFilesIn(folder, verify);
    const isMissing = folder !== undefined && files === undefined;
    return {
      id: `config:${name}`,
      name,
      source: 'config',
      address,
      current: false,
      env: sshEnvironment(env),
      ...(files && { tls: files }),
      ...(isMissing && { invalid: noCertificates(name, folder) }),
    };
  });
}

function noCertificates(name: string, folder: string): NonNullable<FoundEndpoint['invalid']> {
  const wanted = ['ca', 'cert', 'key'].map(part => join(folder, `${part}.pem`)).join(', ');
  return {
    message: `There are no certificates in ${folder}`,
    hint: `Put ${wanted} there, or change certificates of ${name} in config.yaml.`,
  };
}
