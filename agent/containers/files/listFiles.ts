import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { extract, type Header } from 'tar-stream';
import type { FileEntry } from '../../protocol/containerActions';
import { HandrailError } from '../../protocol/errors';
import { startExec } from '../exec/startExec';
import { idleTime, silent } from './archive';
import { fileEntry, inOrder } from './fileEntry';

/** Entries of one folder that are told. */
const most = 5000;
/** Bytes of names that are read. */
const mostBytes = 8 * 1024 * 1024;
/** Milliseconds that the whole of a folder, with all that is below it, is read for the names in it. */
const readTime = 8000;

/**
 * Prints the entries of the folder `$1`: `MODE SIZE TIME ./NAME//`, then NUL, and of links `./NAME` NUL `TARGET` LF `.`
 * NUL. No name has a slash or NUL, so that any other character may be in it; the dot keeps newlines at a target's end.
 */
const script = `
cd "$1/" || exit 3
find . -maxdepth 1 -mindepth 1 -exec stat -c '%f %s %Y %n//' -- {} + || exit 4
printf '\\0'
find . -maxdepth 1 -type l -exec sh -c 'for each; do printf "%s\\0%s\\0" "$each" "$(readlink "$each"; echo .)"; done' sh {} +`;

/**
 * What is in a folder of a container. Where it runs and has a shell, that tells; else the folder is read through the
 * archive API, which gives all that is below it, so that only the names of a first part may be known: `more`.
 */
export async function listFiles(
  container: Docker.Container,
  path: string,
  idle = idleTime,
): Promise<{ entries: FileEntry[]; more: boolean }> {
  const { State } = await container.inspect();
  const told = State.Running && !State.Paused ? await askShell(container, path, idle) : undefined;
  const { entries, more } = told ?? (await readNames(container, path));
  const sorted = inOrder(entries);
  return { entries: sorted.slice(0, most), more: more || sorted.length > most };
}

type Names = { entries: FileEntry[]; more: boolean };

/** Undefined where there is no shell, or it lacks what it takes. */
async function askShell(container: Docker.Container, path: string, idle: number): Promise<Names | undefined> {
  const said: Buffer[] = [];
  let size = 0;
  let heard = (): void => undefined;
  try {
    const command = ['sh', '-c', script, 'sh', path];
    const exec = await startExec(container, { command, env: {}, user: '0', terminal: undefined }, piece => {
      heard();
      if (piece.channel === 'stderr' || size > mostBytes) return;
      said.push(Buffer.from(piece.bytes));
      size += piece.bytes.length;
    });
    exec.end();
    let isSilent = false;
    const timer = setTimeout(() => {
      isSilent = true;
      exec.close();
    }, idle);
    heard = () => void timer.refresh();
    await exec.ended;
    clearTimeout(timer);
    if (isSilent) throw silent(path, idle);
    const code = await exec.exit();
    if (code === 3) throw notAFolder(path);
    if (code !== 0) return undefined;
  } catch (error) {
    // 400, 404, 500: no such program, or no such user; what cannot be told so may be read.
    if ((error as { statusCode?: number }).statusCode === undefined) throw error;
    return undefined;
  }
  return { entries: readPrinted(Buffer.concat(said).toString()), more: size > mostBytes };
}

function readPrinted(text: string): FileEntry[] {
  const [listed = '', ...linked] = text.split('\0');
  const links = new Map<string, string>();
  for (let index = 0; index + 1 < linked.length; index += 2)
    links.set(linked[index]!.replace(/^\.\//, ''), linked[index + 1]!.replace(/\n\.$/, ''));
  return [...listed.matchAll(/([0-9a-f]+) (\d+) (-?\d+) \.\/([^/]*)\/\/\n/g)].map(
    ([, mode = '', size, modified, name = '']) =>
      fileEntry(name, {
        mode: Number.parseInt(mode, 16),
        size: Number(size),
        modified: Number(modified),
        link: links.get(name),
      }),
  );
}

/** The names directly in a folder, of all that is below it as far as that can be read in time. */
async function readNames(container: Docker.Container, path: string): Promise<Names> {
  const stream = (await container.getArchive({ path: `${path}/.` })) as Readable;
  const reader = extract();
  const entries = new Map<string, FileEntry>();
  const timer = setTimeout(() => stream.destroy(), readTime);
  stream.on('error', error => reader.destroy(error)).on('close', () => reader.destroy());
  let isWhole = false;
  stream.on('end', () => (isWhole = true));
  stream.pipe(reader);
  try {
    for await (const entry of reader) {
      entry.resume();
      const [name, ...below] = entry.header.name
        .replace(/^(\.\/)+/, '')
        .split('/')
        .filter(Boolean);
      if (name !== undefined && name !== '..' && below.length === 0)
        entries.set(name, entryOf(name, entry.header));
      if (entries.size > most) break;
    }
  } catch (error) {
    if (!stream.destroyed) throw error;
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
  return { entries: [...entries.values()], more: !isWhole };
}

const typeBits: Readonly<Record<string, number>> = {
  directory: 0o040_000,
  file: 0o100_000,
  link: 0o100_000,
  symlink: 0o120_000,
  'block-device': 0o060_000,
  'character-device': 0o020_000,
  fifo: 0o010_000,
};

function entryOf(name: string, { type, mode, size, mtime, linkname }: Header): FileEntry {
  return fileEntry(name, {
    mode: (mode & 0o7777) | (typeBits[type] ?? 0),
    size,
    modified: mtime.getTime() / 1000,
    link: type === 'symlink' ? linkname : undefined,
  });
}

export function notAFolder(path: string): HandrailError {
  return new HandrailError('notFound', `${path} is no folder there, or it is not to be entered`, { path });
}
