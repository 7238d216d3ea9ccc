import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { checkType, ProbeFailure, type ProbeWorld } from './checkType';
import { runProgram } from './runProgram';

const Options = z.strictObject({ port: z.number().int().min(1).max(65_535) });

/** Whether somebody on this machine listens on a port, and at which addresses; nobody is connected to. */
export const port = checkType({
  name: 'port',
  about: 'whether somebody on this machine listens on a TCP port; nobody is connected to',
  options: Options,
  values: {
    listening: ['bool', 'whether somebody does'],
    addresses: ['list', 'where: 127.0.0.1, 0.0.0.0, ::'],
  },
  up: 'listening',
  subject: ({ port: number }) => `port ${number}`,
  async probe({ port: number }, world) {
    const addresses =
      process.platform === 'linux' ? await listeningOnLinux(number) : await listeningElsewhere(number, world);
    return { listening: addresses.length > 0, addresses };
  },
});

/** https://docs.kernel.org/networking/proc_net_tcp.html: state 0A listens; each group of 4 bytes is reversed. */
async function listeningOnLinux(number: number): Promise<string[]> {
  const tables = await Promise.all(['/proc/net/tcp', '/proc/net/tcp6'].map(readTable));
  const found = tables.flatMap(table =>
    table.split('\n').flatMap(line => {
      const [, local = '', , state] = line.trim().split(/\s+/);
      const [address = '', hex = ''] = local.split(':');
      return state === '0A' && parseInt(hex, 16) === number ? [readableAddress(address)] : [];
    }),
  );
  return [...new Set(found)];
}

/** A system without IPv6 has no table of it. */
async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

function readableAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap(group => (group.match(/../g) ?? []).reverse());
  if (bytes.length === 4) return bytes.map(byte => parseInt(byte, 16)).join('.');
  const groups = bytes.join('').match(/.{4}/g) ?? [];
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

async function listeningElsewhere(number: number, { env, folder, signal }: ProbeWorld): Promise<string[]> {
  const args = ['netstat', '-an', '-p', 'tcp'];
  const { exit, stdout } = await runProgram(args, { env, cwd: folder, signal });
  if (exit !== 0) throw new ProbeFailure('netstat does not tell who listens', { unknown: true });
  return stdout.split('\n').flatMap(line => {
    const [, address] = new RegExp(`\\s(\\S+)[.:]${number}\\s.*LISTEN`).exec(line) ?? [];
    return address === undefined ? [] : [address];
  });
}
