// Records what a real dockerd answers into recorded.json, for fakeEngine.ts.
// Usage: npx tsx test/support/engine/record.ts
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createInterface } from 'node:readline';
import { format } from 'prettier';
import { waitFor } from '../waitFor';
import { ask, open } from './ask';
import { startDocker } from './dockerd';
import type { RealEngine } from './engine';
import { type EngineEvent, type ListedContainer, type Recording, recordingFile } from './recording';

async function main(): Promise<void> {
  await using engine = await startDocker();
  await engine.load('busybox', 'healthy');
  const stream = await open(engine.socket, '/events');
  const events: EngineEvent[] = [];
  const lines = createInterface(stream).on('line', line => events.push(JSON.parse(line) as EngineEvent));
  await makeContainers(engine);
  await waitFor('the last event', () => events.some(({ Action }) => Action === 'destroy'));
  lines.close();
  stream.destroy();
  const text = JSON.stringify(await record(engine, events));
  await writeFile(recordingFile, await format(anonymous(text, engine), { parser: 'json', printWidth: 110 }));
}

/** One of each state that is shown differently, and at least one of each event. */
async function makeContainers(engine: RealEngine): Promise<void> {
  const docker = (...args: string[]) => engine.docker(...args);
  await docker('volume', 'create', 'data');
  await docker('network', 'create', 'shop');
  const labels = (service: string) =>
    ['project=shop', `service=${service}`, 'container-number=1', 'oneoff=False'].flatMap(label => [
      '--label',
      `com.docker.compose.${label}`,
    ]);
  const image = 'localhost/busybox:1';
  const run = (name: string, ...args: string[]) =>
    docker('run', '-d', '--name', name, ...labels(name), ...args);
  await run('web', '--network', 'shop', '-p', '127.0.0.1::80', '-v', 'data:/data', image, 'sleep', '100000');
  await run('api', '--network', 'shop', 'localhost/healthy:1', 'sleep', '100000');
  await run('worker', image, 'sleep', '100000');
  await run('job', image, 'sh', '-c', 'exit 3');
  await docker('pause', 'worker');
  await docker('unpause', 'worker');
  await docker('pause', 'worker');
  await docker('create', '--name', 'later', ...labels('later'), image, 'true');
  await docker('rename', 'later', 'soon');
  await docker('restart', '-t', '0', 'web');
  await docker('update', '--memory', '64m', '--memory-swap', '128m', 'web');
  await docker('run', '--rm', '--name', 'gone', image, 'true');
  const health = () => docker('inspect', '--format', '{{.State.Health.Status}}', 'api');
  await waitFor('the health check', async () => (await health()) === 'healthy', 30_000);
}

async function record({ socket }: RealEngine, events: readonly EngineEvent[]): Promise<Recording> {
  const get = async <T>(path: string) => JSON.parse(await ask(socket, path)) as T;
  const containers = await get<ListedContainer[]>('/containers/json?all=1');
  const running = containers.find(({ State }) => State === 'running')!;
  const ofContainers = events.filter(
    ({ Type, Action }) => Type === 'container' && !Action.startsWith('exec_'),
  );
  return {
    version: await get('/version'),
    info: await get('/info'),
    images: await get('/images/json'),
    volumes: await get('/volumes'),
    networks: await get('/networks'),
    containers,
    inspected: await Promise.all(
      containers.map(({ Id }) => get<Recording['info']>(`/containers/${Id}/json`)),
    ),
    events: [...new Map(ofContainers.map(event => [event.Action, event])).values()],
    stats: await get(`/containers/${running.Id}/stats?stream=0`),
  };
}

/** Nothing of the machine that it was made on. */
function anonymous(text: string, { folder }: RealEngine): string {
  return text
    .replaceAll(`${folder}/data`, '/var/lib/docker')
    .replaceAll(folder, '/run/docker')
    .replaceAll(`/${folder.split('/').at(-1)}`, '')
    .replaceAll(/"(HttpProxy|HttpsProxy|NoProxy)":"[^"]*"/g, '"$1":""')
    .replaceAll(/"KernelVersion":"[^"]*"/gi, '"KernelVersion":"6.1.0"')
    .replaceAll(`"Name":"${hostname()}"`, '"Name":"recorded"');
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
