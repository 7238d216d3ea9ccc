import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectAgent } from '../../../agent/client/connectAgent';
import { handrailFolders } from '../../../agent/folders';
import { PlanView } from '../../../agent/protocol/plan';
import { planRun } from '../../../agent/protocol/runs';
import { sampleRequest } from '../engine/sampleRequest';
import { Place, runbook } from './handrail';

const text = `---
inputs: {service: string, token: {type: secret, required: false}}
requires: {node: ">=18", no-such-tool: "*"}
---
# Deploy
## Prerequisites
See [setup](setup.md).
## Do
\`\`\`bash {name=restart confirm rollback=undo needs="setup.md#login"}
kubectl rollout restart deploy/\${{ inputs.service }} -n <namespace>
\`\`\`
\`\`\`bash {name=undo}
kubectl rollout undo deploy/$service
\`\`\`
`;

describe('a plan', () => {
  it('is the same in the terminal and from the agent', async () => {
    await using place = await Place.make({ 'a.runbook.md': text, 'setup.md': runbook({ login: 'true' }) });
    const home = join(place.path, 'person');
    await mkdir(join(home, '.kube'), { recursive: true });
    await writeFile(
      join(home, '.kube', 'config'),
      'current-context: prod-eu\ncontexts: [{name: prod-eu, context: {user: ana}}]\n',
    );
    const env = { ...place.env, HOME: home };
    await mkdir(join(place.path, 'home', 'config'), { recursive: true });
    await writeFile(join(place.path, 'home', 'config', 'config.yaml'), 'production: prod-*\n');
    assert.equal((await place.run(['agent', 'start'])).code, 0);
    const args = ['run', '-n', '--jsonl', 'a.runbook.md', '--input', 'service=api'];
    const printed = JSON.parse((await place.run(args, { env })).stdout) as { plan: unknown };
    const connection = await connectAgent({
      folders: handrailFolders(env),
      client: { id: 'plan', kind: 'test' },
      trusted: true,
    });
    try {
      const file = join(place.path, 'a.runbook.md');
      const environment = { ...sampleRequest('').environment, env, cwd: place.path };
      const request = sampleRequest(text, { file, environment, inputs: { service: 'api' } });
      const { plan } = await connection.request(planRun, request);
      assert.deepEqual(plan, PlanView.parse(printed.plan));
      assert.equal(plan.identity[0]?.label, 'prod-eu as ana');
      assert.deepEqual(
        plan.steps.map(({ name, role, confirm }) => [name, role, confirm]),
        [
          ['login', 'step', undefined],
          [
            'restart',
            'step',
            'Run restart in prod-eu as ana? (local, effect=change; config.yaml: production)',
          ],
          ['undo', 'rollback', 'Run undo in prod-eu as ana? (local, effect=change; config.yaml: production)'],
        ],
      );
      assert.match(plan.requires[1]?.problem ?? '', /no-such-tool is missing/);
    } finally {
      connection.dispose();
    }
  });
});
