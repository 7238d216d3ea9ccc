import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, runCommand } from '../command';
import { installDebianPackages } from '../debianPackages';
import { testCache } from '../goBuild';
import { provide, type RealSystem } from '../realSystem';

/**
 * Images made of what is on this machine, named `localhost/NAME:1`. All have busybox and `/bin/sh`:
 * `busybox` no more than that; `bash`, `python` and `node` also the program of that name (`python3`);
 * `healthy` a health check, twice a second, that fails while there is a file `/sick`; `pause` does nothing, for ever.
 */
export type TestImage = 'busybox' | 'bash' | 'python' | 'node' | 'healthy' | 'pause';

interface Recipe {
  /** Files beside busybox's; they keep their paths. */
  readonly files?: () => Promise<readonly string[]>;
  /** Path of the program that `/bin/NAME` leads to. */
  readonly program?: readonly [name: string, path: () => Promise<string>];
  readonly config?: Readonly<Record<string, unknown>>;
}

const second = 1e9;

const recipes: Readonly<Record<TestImage, Recipe>> = {
  busybox: {},
  pause: { config: { Cmd: ['sleep', '2147483647'] } },
  healthy: {
    config: {
      Healthcheck: {
        Test: ['CMD-SHELL', 'test ! -e /sick'],
        Interval: second / 2,
        Timeout: 5 * second,
        Retries: 1,
      },
    },
  },
  bash: { files: async () => withLibraries(await programPath('bash')) },
  node: {
    files: () => withLibraries(process.execPath),
    program: ['node', () => Promise.resolve(process.execPath)],
  },
  python: { files: pythonFiles, program: ['python3', () => askPython('sys.executable')] },
};

/** Busybox without libraries, as Debian has it. */
export const busybox: RealSystem = {
  name: 'busybox-static',
  async find() {
    const path = (await findOnPath('busybox')) ?? '';
    const libraries = path && (await runCommand('ldd', [path], { deadline: 10_000 }).catch(() => 'static'));
    return path && !libraries.includes('=>') ? path : undefined;
  },
  install: () => installDebianPackages('busybox', ['busybox-static']),
};

/** Path of the image as `docker load` takes it. Made at its first use and kept. */
export async function imageFile(image: TestImage): Promise<string> {
  // The version of Node is part of what is in them; the last number is raised when a recipe changes.
  const folder = join(testCache, `images-${process.versions.node}-1`);
  const file = join(folder, `${image}.tar`);
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  // Made aside and moved at the end, so that two at the same time do not meet.
  const aside = await mkdtemp(join(folder, 'making-'));
  try {
    await rename(await makeImage(image, aside), file);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return file;
}

/** https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format */
async function makeImage(image: TestImage, folder: string): Promise<string> {
  const { files, program, config } = recipes[image];
  const layers = [await busyboxLayer(folder)];
  if (files) layers.push(await layerOf(await files(), folder, program));
  const description = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    created: '2026-01-02T03:04:05Z',
    config: { Env: ['PATH=/bin:/usr/bin'], Cmd: ['sh'], ...config },
    rootfs: { type: 'layers', diff_ids: layers.map(({ sum }) => `sha256:${sum}`) },
  });
  const name = `${createHash('sha256').update(description).digest('hex')}.json`;
  const manifest = [
    { Config: name, RepoTags: [`localhost/${image}:1`], Layers: layers.map(({ name }) => name) },
  ];
  await writeFile(join(folder, name), description);
  await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
  const parts = ['manifest.json', name, ...layers.map(({ name }) => name)];
  await runCommand('tar', ['-C', folder, '-cf', join(folder, 'image.tar'), ...parts], { deadline: 120_000 });
  return join(folder, 'image.tar');
}

interface Layer {
  readonly name: string;
  readonly sum: string;
}

async function busyboxLayer(folder: string): Promise<Layer> {
  const program = await provide(busybox);
  const root = join(folder, 'busybox');
  for (const name of ['bin', 'etc', 'root', 'tmp']) await mkdir(join(root, name), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
  await runCommand('cp', ['-L', program, join(root, 'bin', 'busybox')], { deadline: 10_000 });
  const applets = await runCommand(program, ['--list'], { deadline: 10_000 });
  for (const name of applets.split('\n').filter(name => name && name !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', name));
  }
  await writeFile(
    join(root, 'etc', 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nana:x:1000:1000::/tmp:/bin/sh\n',
  );
  return pack(root, folder);
}

async function layerOf(files: readonly string[], folder: string, program: Recipe['program']): Promise<Layer> {
  const root = join(folder, 'files');
  await mkdir(root);
  await runCommand('cp', ['-rL', '--parents', ...files, root], { deadline: 120_000 });
  if (program) {
    await mkdir(join(root, 'bin'), { recursive: true });
    await symlink(await program[1](), join(root, 'bin', program[0]));
  }
  return pack(root, folder);
}

/** The same files give the same layer, whoever packs them when. */
async function pack(root: string, folder: string): Promise<Layer> {
  const name = `${root.split('/').at(-1)}.tar`;
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await runCommand('tar', [...same, '-C', root, '-cf', join(folder, name), '.'], { deadline: 120_000 });
  const [sum] = (await runCommand('sha256sum', [join(folder, name)], { deadline: 120_000 })).split(' ');
  return { name, sum: sum! };
}

async function programPath(name: string): Promise<string> {
  const path = await findOnPath(name);
  if (!path) throw new Error(`There is no ${name} on PATH to make an image of.`);
  return path;
}

async function withLibraries(...programs: readonly string[]): Promise<string[]> {
  const files = new Set(programs);
  for (const program of programs) {
    const said = await runCommand('ldd', [program], { deadline: 10_000 });
    for (const [path] of said.matchAll(/\/\S+(?= \(0x)/g)) files.add(path);
  }
  return [...files];
}

async function pythonFiles(): Promise<string[]> {
  const [program, library] = [await askPython('sys.executable'), await askPython('os.__file__')];
  const folder = join(library, '..');
  const modules = await runCommand('find', [folder, '-maxdepth', '2', '-name', '*.so'], { deadline: 10_000 });
  const kept = await runCommand(
    'find',
    [
      folder,
      '(',
      ...unused.flatMap(name => ['-name', name, '-o']),
      '-false',
      ')',
      '-prune',
      '-o',
      '-type',
      'f',
      '-print',
    ],
    { deadline: 30_000 },
  );
  const libraries = await withLibraries(program, ...modules.split('\n').filter(Boolean));
  return [...new Set([...libraries, ...kept.split('\n').filter(Boolean)])];
}

/** Large parts of Python's library that no cell needs. */
const unused = [
  ...[
    '__pycache__',
    'test',
    'tests',
    'idlelib',
    'tkinter',
    'turtledemo',
    'ensurepip',
    'lib2to3',
    'pydoc_data',
  ],
  ...['site-packages', 'dist-packages', 'config-*', '*.a'],
];

async function askPython(expression: string): Promise<string> {
  const script = `import os, sys; print(os.path.realpath(${expression}))`;
  return (await runCommand(await programPath('python3'), ['-c', script], { deadline: 20_000 })).trim();
}
