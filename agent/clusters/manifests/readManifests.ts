import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestProblem } from '../../protocol/clusterManifests';
import { HandrailError } from '../../protocol/errors';
import { buildKustomization } from './buildKustomization';
import type { Manifest } from './manifest';
import { noManifest, type Parsed, parseManifests } from './parseManifests';

/** What a file or folder holds. */
export interface ReadManifests extends Parsed {
  readonly madeBy: 'files' | 'kustomize';
}

/** Bytes of one file, files of one folder, and objects in all of it. */
const longest = 16 * 2 ** 20;
const mostFiles = 5000;
const mostObjects = 10_000;

const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/**
 * Reads the manifests of a file, or of a folder and those below it: YAML and JSON, or what kustomize makes of a
 * kustomization. Throws HandrailError `notFound` where there is no such path, `invalidState` where it is too much or
 * kustomize does not work. `env`: where kubectl and kustomize are looked for.
 */
export async function readManifests(
  path: string,
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<ReadManifests> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new HandrailError('notFound', `${path} cannot be read: ${cause.code ?? cause.message}`, { path });
  });
  if (!found.isDirectory()) return { ...(await readOne(path)), madeBy: 'files' };
  const names = await readdir(path);
  const kustomization = kustomizations.find(name => names.includes(name));
  if (kustomization !== undefined) {
    const text = await buildKustomization(path, env, signal);
    return { ...inKustomization(parseManifests(text, join(path, kustomization))), madeBy: 'kustomize' };
  }
  const all: Parsed = { manifests: [], problems: [] };
  const files: string[] = [];
  await findFiles(path, files, all.problems);
  for (const file of files.sort()) {
    signal?.throwIfAborted();
    const { manifests, problems } = await readOne(file);
    all.manifests.push(...manifests);
    all.problems.push(...problems.map(lenient));
    if (all.manifests.length > mostObjects)
      throw new HandrailError('invalidState', `${path} has more than ${mostObjects} objects`, { path });
  }
  return { ...all, problems: [...all.problems, ...twice(all.manifests)], madeBy: 'files' };
}

/** Folders hold other YAML as well: values, configuration of tools. */
function lenient(problem: ManifestProblem): ManifestProblem {
  return problem.message === noManifest ? { ...problem, severity: 'warning' } : problem;
}

async function readOne(file: string): Promise<Parsed> {
  const { size } = await stat(file);
  if (size > longest)
    throw new HandrailError('invalidState', `${file} has more than 16 MiB: that is no manifest`, {
      path: file,
    });
  return parseManifests(await readFile(file, 'utf8'), file);
}

async function findFiles(folder: string, files: string[], problems: ManifestProblem[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) {
      const other = await ofItsOwn(path);
      if (other === undefined) await findFiles(path, files, problems);
      else problems.push({ file: path, line: 1, column: 1, severity: 'warning', ...other });
    } else if (entry.isFile() && /\.(ya?ml|json)$/i.test(entry.name)) files.push(path);
    if (files.length > mostFiles)
      throw new HandrailError('invalidState', `${folder} has more than ${mostFiles} files`, { path: folder });
  }
}

/** Whether a folder within is no part of the whole. */
async function ofItsOwn(folder: string): Promise<{ message: string; hint: string } | undefined> {
  const names = await readdir(folder);
  if (names.includes('Chart.yaml'))
    return {
      message: 'A Helm chart was left out',
      hint: 'Its templates are no manifests before helm made them.',
    };
  if (kustomizations.some(name => names.includes(name)))
    return { message: 'A kustomization was left out', hint: 'Compare this folder by itself.' };
  return undefined;
}

/** What kustomize makes has lines that are in no file. */
function inKustomization({ manifests, problems }: Parsed): Parsed {
  const first = { line: 1, column: 1 };
  return {
    manifests: manifests.map(manifest => ({ ...manifest, placeOf: () => first })),
    problems: problems.map(({ line, message, ...problem }) => ({
      ...{ ...problem, ...first },
      message: `In line ${line} of what kustomize makes: ${message}`,
    })),
  };
}

/** The later one would undo the earlier. */
function twice(manifests: readonly Manifest[]): ManifestProblem[] {
  const seen = new Map<string, Manifest>();
  return manifests.flatMap(manifest => {
    const { apiVersion, kind, metadata } = manifest.object;
    const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
    const key = JSON.stringify([group, kind, metadata.namespace, metadata.name]);
    const before = seen.get(key);
    seen.set(key, manifest);
    if (before === undefined) return [];
    const message = `${kind} ${metadata.name ?? ''} stands in ${before.file}:${before.placeOf([]).line} already`;
    return [{ file: manifest.file, ...manifest.placeOf([]), severity: 'error' as const, message }];
  });
}
