import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../agent/engine/clock';
import { createRuns } from '../../../../agent/engine/runs';
import { createSessionFactory } from '../../../../agent/executors/sessions';
import { createSecrets } from '../../../../agent/secrets/createSecrets';
import { thisHost } from '../../../../agent/store/hostProcess';
import { openStore } from '../../../../agent/store/openStore';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { says, silent } from './runFixture';
import { cells, sampleRequest } from '../sampleRequest';

describe('a run with secrets of real providers', () => {
  it('masks a real secret that a cell prints in pieces, and keeps it out of its files', async () => {
    const front = '---\nsecrets: {TOKEN: "env:GIVEN", BAD: "file:bad"}\n---\n';
    const texts = {
      a: 'printf s3cr3; sleep 0.05; printf "%s\\n" t-word; KEPT="x${TOKEN}x"; echo "$KEPT"',
      b: 'echo "$KEPT"',
      'c on-error=continue': 'echo "$BAD"',
      d: 'printf %s "${KEPT#x}" | wc -c',
    };
    await using folder = await temporaryFolder('handrail-secrets');
    const store = openStore(join(folder.path, 'data'));
    const sessions = createSessionFactory({ folder: join(folder.path, 'run'), hostId: randomUUID() });
    const runs = createRuns({ store, sessions, createSecrets, clock: systemClock, host: thisHost() });
    const file = join(folder.path, 'x.runbook.md');
    const request = sampleRequest(front + cells(texts), { file });
    request.environment.env.GIVEN = 's3cr3t-word';
    writeFileSync(join(folder.path, 'bad'), Buffer.alloc(9));
    const ended = await runs.start(request, silent).ended;
    const output = (step: number): string =>
      Buffer.concat(store.readOutput(ended.id, step, 0, 1e6).chunks.map(({ bytes }) => bytes)).toString();
    assert.equal(says(ended), 'failed a:passed b:passed c:failed d:passed');
    assert.deepEqual([output(0), output(1)], ['•••\nx•••x\n', 'x•••x\n']);
    assert.match(ended.steps[2]?.message ?? '', /BAD/);
    assert.equal(output(3).trim(), '12');
    const grep = spawnSync('grep', ['-rl', 's3cr3t-word', folder.path], { encoding: 'utf8' });
    assert.equal(grep.stdout, '');
    await runs.close();
    await sessions.close();
    store.close();
  });
});
