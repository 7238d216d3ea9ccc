import assert from 'node:assert/strict';
import { needs } from '../realSystem';
import { waitFor } from '../waitFor';
import { dockerd, startDocker } from './dockerd';
import type { RealEngine } from './engine';
import { podman, startPodman } from './podman';

const kinds = [
  { system: dockerd, start: startDocker },
  { system: podman, start: startPodman },
] as const;

const greetings = [
  ['busybox', ['sh', '-c', 'echo $((6 * 7))']],
  ['bash', ['bash', '-c', 'a=(1 42); echo "${a[1]}"']],
  ['python', ['python3', '-c', 'import json, ssl, sqlite3; print(json.loads("42"))']],
  ['node', ['node', '-e', 'console.log(6 * 7)']],
] as const;

for (const { system, start } of kinds) {
  describe(`images for ${system.name}`, function () {
    this.timeout(240_000);
    let engine: RealEngine;
    before(needs(system));
    before(async () => {
      engine = await start();
    });
    after(() => engine?.[Symbol.asyncDispose]());

    for (const [image, command] of greetings) {
      it(`${image} runs its program`, async () => {
        await engine.load(image);
        assert.equal(await engine.docker('run', '--rm', `localhost/${image}:1`, ...command), '42');
      });
    }

    it('healthy tells of its health', async function () {
      if (engine.kind === 'podman') return this.skip();
      await engine.load('healthy');
      await engine.docker('run', '-d', '--name', 'ill', 'localhost/healthy:1', 'sleep', '1000');
      const is = (health: string) => async () =>
        (await engine.docker('inspect', '--format', '{{.State.Health.Status}}', 'ill')) === health;
      await waitFor('it to be healthy', is('healthy'), 30_000);
      await engine.docker('exec', 'ill', 'touch', '/sick');
      await waitFor('it to fall ill', is('unhealthy'), 30_000);
    });
  });
}
