import assert from 'node:assert/strict';
import { access, chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlannedRequirement } from '../../../agent/engine/types';
import { planRun } from '../../../agent/engine/plan/planRun';
import { checkRequirements } from '../../../agent/requirements/checkRequirements';
import { howToGet } from '../../../agent/requirements/howToGet';
import { runProbe } from '../../../agent/requirements/probe';
import { tools } from '../../../agent/requirements/tools';
import { findVersion, isWithin } from '../../../agent/requirements/version';
import { processesWith } from '../../support/processesWith';
import { waitFor } from '../../support/waitFor';
import { sampleRequest } from '../engine/sampleRequest';

describe('requirements', () => {
  let bin: string;
  beforeEach(async () => {
    bin = await mkdtemp(join(tmpdir(), 'requirements-'));
    for (const name of ['bash', 'sh', 'sleep', 'cat']) await symlink(`/bin/${name}`, join(bin, name));
  });
  afterEach(() => rm(bin, { recursive: true, force: true }));
  const program = async (name: string, script: string): Promise<void> => {
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  const place = { line: 3, column: 5, file: '/books/x.runbook.md' };
  const check = async (...requires: PlannedRequirement[]) => {
    const environment = { env: { PATH: bin, MARK: 'of the client' }, cwd: bin };
    return checkRequirements({ steps: [], requires }, environment, new AbortController().signal);
  };
  const tool = (name: string, version: string, get?: string): PlannedRequirement => ({
    kind: 'tool',
    name,
    version,
    ...(get === undefined ? {} : { get }),
    ...place,
  });
  const probe = (command: string, help?: string): PlannedRequirement => ({
    kind: 'probe',
    name: 'vpn',
    command,
    ...(help === undefined ? {} : { help }),
    ...place,
  });

  it('are shown without running a probe, or a tool of a relative folder', async () => {
    await program('x', 'touch "$(dirname "$0")/ran"; echo 1.0.0');
    const environment = { env: { PATH: `.:${join(bin, 'none')}` }, cwd: bin };
    const requires = [probe(`touch ${join(bin, 'ran')}`), tool('x', '>=1')];
    const { signal } = new AbortController();
    const [vpn, x] = await checkRequirements({ steps: [], requires }, environment, signal, {
      onlyShown: true,
    });
    assert.deepEqual([vpn?.found, vpn?.problem], [undefined, undefined]);
    assert.match(x?.problem ?? '', /x >=1 is missing/);
    await assert.rejects(access(join(bin, 'ran')));
  });

  const rows: readonly (readonly [
    what: string,
    script: string,
    asked: PlannedRequirement,
    found: string,
    problem: string,
  ])[] = [
    ['new enough', 'echo v3.5.1', tool('x', '>=3.4'), '3.5.1', ''],
    [
      'too old',
      'echo 1.28.3',
      tool('x', '>=1.29', 'ask ana'),
      '1.28.3',
      'x 1.28.3 found, >=1.29 wanted: ask ana',
    ],
    [
      'by `version` where `--version` tells none',
      '[ "$1" = version ] && echo "x 2.0.0"',
      tool('x', '^2'),
      '2.0.0',
      '',
    ],
    ['on stderr', 'echo "openjdk 21.0.2" >&2', tool('x', '>=21'), '21.0.2', ''],
    ['that is any', 'exit 3', tool('x', '*'), 'BIN/x', ''],
    [
      'that tells none',
      'echo hello',
      tool('x', '>=1', 'ask'),
      'BIN/x',
      'x >=1 wanted, and BIN/x gave none: it tells no version: ask',
    ],
    ['that is not there', '', tool('y', '>=2', 'ask'), '', 'y >=2 is missing: ask'],
    ['that is not there and is any', '', tool('y', '*'), '', 'y is missing'],
    ['by a probe', '', probe('[ "$MARK" = "of the client" ]'), 'exit 0', ''],
    [
      'by a probe that fails',
      '',
      probe('echo no; echo "not connected" >&2; exit 4', 'connect it'),
      '',
      'vpn: echo no; echo "not connected" >&2; exit 4: exit 4, not connected: connect it',
    ],
  ];
  for (const [what, script, asked, found, problem] of rows) {
    it(`finds a version ${what}`, async () => {
      if (script !== '') await program('x', script);
      const [result] = await check(asked);
      assert.equal((result?.found ?? '').replace(bin, 'BIN'), found);
      assert.equal((result?.problem ?? '').replace(bin, 'BIN'), problem);
      assert.deepEqual([result?.file, result?.line, result?.column], [place.file, 3, 5]);
    });
  }

  it('asks kubectl and helm in a way that touches no cluster', async () => {
    await program('kubectl', '[ "$*" = "version --client" ] && echo "Client Version: v1.31.2"');
    await program('helm', '[ "$*" = "version --short" ] && echo "v3.17.0+g301108e"');
    const found = await check(tool('kubectl', '>=1.31'), tool('helm', '<4'));
    assert.deepEqual(
      found.map(result => [result.found, result.problem]),
      [
        ['1.31.2', undefined],
        ['3.17.0', undefined],
      ],
    );
  });

  it('looks at several at the same time, and gives each of them its own time', async () => {
    await program('slow', 'sleep 0.4; echo 1.0.0');
    const before = performance.now();
    const found = await check(...Array.from({ length: 4 }, () => tool('slow', '>=1')));
    assert.ok(performance.now() - before < 1500);
    assert.equal(found.length, 4);
  });

  it('ends a probe that does not answer, with all that it started', async () => {
    const environment = { env: { PATH: bin, PROBE: bin }, cwd: bin };
    const command = ['/bin/sh', '-c', 'sleep 4711 & sleep 4711 | cat'] as const;
    const answer = await runProbe(command, environment, new AbortController().signal, 150);
    assert.deepEqual(answer, { problem: 'no answer within 0.15 s', output: '' });
    await waitFor('its processes to be gone', async () => (await processesWith('PROBE', bin)).length === 0);
  });

  it('does not wait for what a probe leaves behind', async () => {
    const environment = { env: { PATH: bin, PROBE: bin }, cwd: bin };
    const answer = await runProbe(
      ['/bin/sh', '-c', 'sleep 4712 & echo there'],
      environment,
      new AbortController().signal,
    );
    assert.deepEqual(answer, { exit: 0, output: 'there\n' });
    await waitFor('its processes to be gone', async () => (await processesWith('PROBE', bin)).length === 0);
  });

  const cells: readonly (readonly [head: string, problem: RegExp | undefined])[] = [
    ['bash', undefined],
    ['rust', /^Nothing is known to run rust cells: name a program, interpreter=/],
    ['fish', /^fish is not installed: \S/],
    ['bash {interpreter=/nope/bash}', /^\/nope\/bash is not installed: Change interpreter=/],
    ['bash {interpreter="nope -x"}', /^nope is not installed: Install it, or change interpreter=/],
    ['rust {interpreter=cat}', undefined],
  ];
  for (const [head, problem] of cells) {
    it(`tells before the first step whether ${head} can run`, async () => {
      const { steps } = planRun(sampleRequest(`\n\`\`\`${head}\nx\n\`\`\`\n`));
      const environment = { env: { PATH: bin }, cwd: bin };
      const [found] = await checkRequirements(
        { steps, requires: [] },
        environment,
        new AbortController().signal,
      );
      if (problem === undefined) return assert.equal(found, undefined);
      assert.match(found?.problem ?? '', problem);
      assert.deepEqual([found?.file, found?.line], ['/books/deploy.runbook.md', 2]);
    });
  }

  const excused: readonly (readonly [what: string, text: string])[] = [
    ['a guard may leave out', '```fish {when="command -v fish"}\nx\n```\n'],
    [
      'needs what a guard may leave out',
      '```bash {name=a when=false}\nx\n```\n\n```fish {needs=a}\nx\n```\n',
    ],
    ['a cell before it may install', '```bash\napt-get install -y fish\n```\n\n```fish\nx\n```\n'],
  ];
  for (const [what, text] of excused) {
    it(`leaves to its own turn a cell whose program ${what}`, async () => {
      const { steps } = planRun(sampleRequest(text));
      const environment = { env: { PATH: bin }, cwd: bin };
      const { signal } = new AbortController();
      assert.deepEqual(await checkRequirements({ steps, requires: [] }, environment, signal), []);
    });
  }

  it('are looked for where the front matter and the attributes of the steps have them found', async () => {
    await program('fish', 'true');
    const attribute = planRun(sampleRequest(`\n\`\`\`fish {env="PATH=${bin}"}\nx\n\`\`\`\n`));
    const { signal } = new AbortController();
    assert.deepEqual(await checkRequirements(attribute, { env: { PATH: '/none' }, cwd: bin }, signal), []);
    const text = `---\nenv: {PATH: ${bin}}\nrequires: {fish: "*"}\n---\n\n\`\`\`fish\nx\n\`\`\`\n`;
    const plan = planRun(sampleRequest(text));
    const [found] = await checkRequirements(plan, plan.environment, signal);
    assert.deepEqual([found?.name, found?.found, found?.problem], ['fish', join(bin, 'fish'), undefined]);
  });

  const versions: readonly (readonly [text: string, version: string | undefined])[] = [
    ['git version 2.47.3', '2.47.3'],
    ['GNU bash, version 5.2.37(1)-release', '5.2.37'],
    ['{"clientVersion": {"gitVersion": "v1.31.0-rc.1"}}', '1.31.0-rc.1'],
    ['OpenSSL 3.5.1 1 Jul 2025', '3.5.1'],
    ['Python 3.13', '3.13'],
    ['jq-1.7.1', '1.7.1'],
    ['no number 7', undefined],
  ];
  for (const [text, version] of versions) it(`reads ${text}`, () => assert.equal(findVersion(text), version));

  const ranges: readonly (readonly [version: string, range: string, within: boolean])[] = [
    ['1.29', '>=1.29', true],
    ['1.28.9', '>=1.29', false],
    ['1.31.0-rc.1', '>=1.30', true],
    ['2.0.0', '1.x || >=2.0.0 <3', true],
    ['3.13', '^3.11', true],
  ];
  for (const [version, range, within] of ranges) {
    it(`${version} is ${within ? '' : 'not '}within ${range}`, () =>
      assert.equal(isWithin(version, range), within));
  }

  it('knows how to get tools on the system that it is on', async () => {
    const on = async (manager: string): Promise<(name: string) => string | undefined> => {
      await program(manager, '');
      return name => howToGet(name, bin);
    };
    const there = await on('brew');
    // The system's own package manager comes first, wherever the PATH leads.
    for (const { name } of tools) assert.ok(there(name) !== '', name);
    assert.equal(there('no-such-tool'), undefined);
  });
});
