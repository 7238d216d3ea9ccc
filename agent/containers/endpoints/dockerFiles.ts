import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { FileProblem, TlsFiles } from './foundEndpoint';
import { readJson } from './readJson';

/** https://docs.docker.com/reference/cli/docker/#docker-cli-configuration-file-configjson-properties */
const ConfigJson = z.looseObject({ currentContext: z.string().optional() });

/** https://docs.docker.com/engine/manage-resources/contexts/ */
const MetaJson = z.looseObject({
  Name: z.string().min(1),
  Endpoints: z
    .looseObject({
      docker: z
        .looseObject({ Host: z.string().default(''), SkipTLSVerify: z.boolean().default(false) })
        .optional(),
    })
    .default({}),
});

/** A context as its files describe it. */
export interface DockerContext {
  readonly name: string;
  /** Empty for the default address. */
  readonly host: string;
  readonly tls?: TlsFiles;
}

/** What Docker's files say: contexts and which of them is current. */
export interface DockerFiles {
  readonly folder: string;
  readonly current?: string;
  readonly contexts: readonly DockerContext[];
  readonly problems: readonly FileProblem[];
  readonly places: readonly string[];
}

/** Reads `config.json` and the contexts below the folder of Docker's configuration. */
export function readDockerFiles(folder: string): DockerFiles {
  const file = join(folder, 'config.json');
  const config = readJson(file, ConfigJson);
  const meta = join(folder, 'contexts', 'meta');
  const read = foldersIn(meta).map(name => readContext(folder, name));
  const current = config.value?.currentContext;
  return {
    folder,
    ...(current !== undefined && current !== '' && { current }),
    contexts: read.flatMap(({ context }) => context ?? []).sort((a, b) => (a.name < b.name ? -1 : 1)),
    problems: [config.problem, ...read.map(({ problem }) => problem)].filter(each => each !== undefined),
    places: [file, join(meta, '*'), ...foldersIn(meta).map(name => join(meta, name, 'meta.json'))],
  };
}

/** Path of the file that describes a context. */
export function metaFile(folder: string, context: string): string {
  return join(folder, 'contexts', 'meta', createHash('sha256').update(context).digest('hex'), 'meta.json');
}

function readContext(folder: string, name: string): { context?: DockerContext; problem?: FileProblem } {
  const { value, problem } = readJson(join(folder, 'contexts', 'meta', name, 'meta.json'), MetaJson);
  if (value === undefined) return { ...(problem && { problem }) };
  const { docker } = value.Endpoints;
  // A context may be for Kubernetes alone.
  if (docker === undefined) return {};
  const tls = tlsFilesIn(join(folder, 'contexts', 'tls', name, 'docker'), !docker.SkipTLSVerify);
  const secured = tls ?? (docker.SkipTLSVerify ? { verify: false } : undefined);
  return { context: { name: value.Name, host: docker.Host, ...(secured && { tls: secured }) } };
}

/** The certificates in a folder, as Docker names them; nothing where there are none. */
export function tlsFilesIn(folder: string, verify: boolean): TlsFiles | undefined {
  const files: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = join(folder, `${part}.pem`);
    if (existsSync(file)) files[part] = file;
  }
  return Object.keys(files).length === 0 ? undefined : { ...files, verify };
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}
