import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { composeDo as request } from '../../../../agent/protocol/containerActions';
import { addCompose, composePlugin } from '../../../support/engine/compose';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { EngineClient } from '../../../support/engine/engineClient';
import { needs } from '../../../support/realSystem';
import { type ScriptedAgent, startScriptedAgent } from '../../../support/scriptedAgent';

const project = `
name: shop
services:
  web: {image: 'localhost/busybox:1', command: sleep 1000, init: true, volumes: ['data:/data']}
  api: {image: 'localhost/busybox:1', command: sleep 1000, init: true}
volumes: {data: {}}
`;
const endpoint = 'environment';
const by = 'ana via test';

describe('compose through the agent', function () {
  this.timeout(120_000);
  before(needs(dockerd, composePlugin));
  let engine: RealEngine;
  let agent: ScriptedAgent;
  let client: EngineClient;
  let file: string;
  let environment: Record<string, string>;
  before(async function () {
    this.timeout(300_000);
    engine = await startDocker();
    await engine.load('busybox');
    await addCompose(engine);
    const folder = join(engine.folder, 'my shop');
    await mkdir(folder);
    file = join(folder, 'compose.yaml');
    await writeFile(file, project);
    environment = { ...engine.env, PATH: process.env['PATH'] ?? '', HOME: engine.folder };
    agent = await startScriptedAgent();
    client = new EngineClient(await agent.connect());
    await client.list(environment);
  });
  after(async () => {
    client.connection.dispose();
    await agent.agent.closeAreas();
    await agent[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
  });

  type Action = 'up' | 'stop' | 'start' | 'restart' | 'down' | 'downVolumes' | 'build';
  const does = async (action: Action, services: string[] = [], env = environment) => {
    const wanted = { endpoint, project: 'shop', services, do: action, environment: env, by };
    const { stream, command } = await client.connection.request(request, wanted);
    const end = await client.ended(stream);
    return { command, end, said: client.stream(stream).out + client.stream(stream).err };
  };
  const states = () =>
    engine.docker('ps', '-a', '--format', '{{.Label "com.docker.compose.service"}} {{.State}}');

  it('takes no service for an option', async () => {
    await assert.rejects(does('down', ['--volumes']), /would take for an option/);
  });

  it('stops, starts and takes down a project or a service, and says how', async () => {
    await engine.docker('compose', '-f', file, 'up', '-d');
    const stopped = await does('stop', ['web']);
    assert.equal(stopped.end.exit, 0, stopped.said);
    assert.match(
      stopped.command,
      /^docker --host unix:\/\/\S+ compose --project-name shop --file '.*\/my shop\/compose.yaml' stop -- web$/,
    );
    assert.match(stopped.said, /shop-web-1 .*Stopp/);
    assert.ok(!/[^\r]\n/.test(stopped.said), 'lines end as in a terminal');
    assert.deepEqual((await states()).split('\n').sort(), ['api running', 'web exited']);
    assert.equal((await does('start')).end.exit, 0);
    assert.equal((await does('restart', ['api'])).end.exit, 0);
    await engine.docker('rm', '-f', 'shop-api-1');
    assert.equal((await does('up')).end.exit, 0);
    assert.deepEqual((await states()).split('\n').sort(), ['api running', 'web running']);
    const [last] = agent.agent.engine().store.audit.list({ limit: 1 });
    assert.equal(last?.action, 'compose.up.ended');
    assert.equal(last.details['outcome'], 'done');
  });

  it('says what is not there', async () => {
    await assert.rejects(does('stop', [], { ...environment, PATH: '/nowhere' }), /Compose is not installed/);
    await rm(file);
    await assert.rejects(does('up'), /compose\.yaml cannot be found on this machine/);
    assert.equal((await does('downVolumes')).end.exit, 0);
    assert.equal(await states(), '');
    await assert.rejects(does('stop'), /no container of the compose project shop/);
  });
});
