import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runCommand } from '../command';
import { temporaryFolder } from '../temporaryFolder';
import { imageFile, type TestImage } from './images';

/** A registry on this machine that holds one image; engines take it without TLS because it is on loopback. */
export interface Registry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** The image in it. */
  readonly reference: string;
  /** How its layers are sent from now on: whole, or broken off in the middle each time. */
  layers: 'whole' | 'broken';
}

/**
 * Starts one. `login`: `USER:PASSWORD`, without which it gives nothing away.
 * https://distribution.github.io/distribution/spec/api/
 */
export async function startRegistry(image: TestImage, login?: string): Promise<Registry> {
  const content = await contentOf(image);
  const registry = { host: '', reference: '', layers: 'whole' as Registry['layers'] };
  const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((request, response) => {
    if (wanted !== undefined && request.headers.authorization !== wanted) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="tests"' });
      response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'login wanted' }] }));
    } else answer(request, response, content, registry.layers === 'broken');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  registry.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  registry.reference = `${registry.host}/tests/${image}:1`;
  return Object.assign(registry, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  });
}

/** By path below `/v2/`: what it is and its bytes. */
type Content = ReadonlyMap<string, { readonly type: string; readonly bytes: Buffer }>;

const layerType = 'application/vnd.docker.image.rootfs.diff.tar';
const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

function answer(
  { url = '', method }: IncomingMessage,
  response: ServerResponse,
  content: Content,
  broken: boolean,
): void {
  if (url === '/v2/') return void response.end('{}');
  const [, kind = '', name = ''] = /^\/v2\/tests\/\w+\/(manifests|blobs)\/(.+)$/.exec(url) ?? [];
  const found = content.get(`${kind}/${name}`);
  if (found === undefined) return void response.writeHead(404).end('{"errors":[{"code":"NAME_UNKNOWN"}]}');
  const { type, bytes } = found;
  response.writeHead(200, {
    'content-type': type,
    'content-length': bytes.length,
    'docker-content-digest': digest(bytes),
  });
  if (method === 'HEAD') response.end();
  else if (broken && type === layerType)
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  else response.end(bytes);
}

/** What a file that `docker load` takes is in a registry. */
async function contentOf(image: TestImage): Promise<Content> {
  await using folder = await temporaryFolder('handrail-registry');
  await runCommand('tar', ['-C', folder.path, '-xf', await imageFile(image)], { deadline: 60_000 });
  const read = (name: string): Promise<Buffer> => readFile(`${folder.path}/${name}`);
  const [first] = JSON.parse((await read('manifest.json')).toString()) as {
    Config: string;
    Layers: string[];
  }[];
  const config = { type: 'application/vnd.docker.container.image.v1+json', bytes: await read(first!.Config) };
  const layers = await Promise.all(
    first!.Layers.map(async name => ({
      type: layerType,
      bytes: await read(name),
    })),
  );
  const described = ({ type, bytes }: { type: string; bytes: Buffer }) => ({
    mediaType: type,
    size: bytes.length,
    digest: digest(bytes),
  });
  const bytes = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: described(config),
      layers: layers.map(described),
    }),
  );
  const manifest = { type: manifestType, bytes };
  return new Map([
    ['manifests/1', manifest],
    [`manifests/${digest(bytes)}`, manifest],
    ...[config, ...layers].map(blob => [`blobs/${digest(blob.bytes)}`, blob] as const),
  ]);
}

function digest(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
