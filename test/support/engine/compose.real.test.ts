import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { needs } from '../realSystem';
import { addCompose, composePlugin } from './compose';
import { dockerd, startDocker } from './dockerd';

const project = `
name: shop
services:
  web: {image: 'localhost/busybox:1', command: sleep 1000, init: true}
  api: {image: 'localhost/busybox:1', command: sleep 1000, init: true}
`;

describe('Compose for a test', function () {
  this.timeout(60_000);
  before(needs(dockerd, composePlugin));

  it('starts a project and takes it down', async () => {
    await using engine = await startDocker();
    await engine.load('busybox');
    await addCompose(engine);
    const file = join(engine.folder, 'compose.yaml');
    await writeFile(file, project);
    await engine.docker('compose', '-f', file, 'up', '-d');
    const list = () => engine.docker('ps', '--format', '{{.Label "com.docker.compose.service"}}');
    assert.deepEqual((await list()).split('\n').sort(), ['api', 'web']);
    await engine.docker('compose', '-p', 'shop', 'down', '-t', '1');
    assert.equal(await list(), '');
  });
});
