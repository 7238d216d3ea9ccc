import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { planWorld } from '../../../../agent/engine/plan/planWorld';
import type { Plan } from '../../../../agent/engine/types';
import { HandrailError } from '../../../../agent/protocol/errors';
import { MissingAnswers } from '../../../../agent/protocol/plan';
import { cells, sampleRequest } from '../sampleRequest';

const kubeconfig = (current: string, ...names: readonly string[]): string => `
current-context: ${current}
contexts: [${names.map(name => `{name: ${name}, context: {cluster: c, user: ana, namespace: own}}`).join(', ')}]
clusters: [{name: c, cluster: {server: "https://x"}}]
`;

describe('steps that are for pods', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'pods-'));
    await write('.kube/config', kubeconfig('stage', 'stage', 'prod-eu', 'kept'));
    await write('more.yaml', kubeconfig('far', 'far', 'prod-far'));
    await write('config/config.yaml', 'production: prod-*\nreadOnly: kept\nkubeconfigs: ~/more.yaml\n');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text);
  };
  const plan = (cell: string): Plan => {
    const environment = { ...sampleRequest('').environment, env: { HOME: home }, cwd: home };
    const request = sampleRequest(cells({ [cell]: 'true' }), {
      file: join(home, 'x.runbook.md'),
      environment,
    });
    return planRun(request, planWorld({ config: join(home, 'config') }));
  };
  const refused = (cell: string): HandrailError => {
    try {
      plan(cell);
    } catch (error) {
      if (error instanceof HandrailError) return error;
      throw error;
    }
    throw new Error('It was not refused');
  };

  const identities: Readonly<Record<string, readonly string[]>> = {
    'pod:web/api': ['kube:stage stage as ana https://x'],
    'pod:stage/web/api': ['kube:stage stage as ana https://x'],
    'pod:far/web/deploy/api': ['kube:far far as ana https://x'],
    'pod:nowhere/web/api': ['kube:stage stage as ana https://x'],
    'pod:no@where/web/api': [],
  };
  for (const [target, expected] of Object.entries(identities)) {
    it(`${target} tells as whom and where it acts`, () => {
      const { identity } = plan(`a target=${target}`);
      const told = identity.map(({ kind, label, values }) => `${kind} ${label} ${values['server'] ?? ''}`);
      assert.deepEqual(told, expected);
    });
  }

  it('have a target that contexts made later do not change', () => {
    const targetOf = (target: string): string | undefined =>
      plan(`a target=${target}`).steps[0]?.options.target;
    assert.equal(targetOf('pod:web/api/app'), 'pod:stage/web/pod/api/app');
    assert.equal(targetOf('pod:stage/web/api'), 'pod:stage/web/pod/api');
    assert.equal(targetOf('pod:web/api'), 'pod:stage/web/pod/api');
    assert.equal(targetOf('pod:no@where/web/api'), 'pod:no@where/web/api');
  });

  for (const [target, where] of [
    ['pod:prod-eu/web/api', 'prod-eu'],
    ['pod:prod-far/web/deploy/api', 'prod-far'],
    ['pod:prod-new@x/web/api', 'prod-new@x'],
  ] as const) {
    it(`${target} asks for the name of the context, unless it only reads`, () => {
      for (const effect of ['change', 'destroy', undefined]) {
        const error = refused(`a target=${target}${effect === undefined ? '' : ` effect=${effect}`}`);
        assert.equal(error.code, 'needsAnswer');
        const [asked] = MissingAnswers.parse(error.details).confirm;
        assert.equal(asked?.typed, where);
        assert.match(asked?.text ?? '', new RegExp(where));
      }
      assert.equal(plan(`a target=${target} effect=read`).steps.length, 1);
    });
  }

  it('are refused on a context that is read-only, unless they only read', async () => {
    assert.match(refused('a target=pod:kept/web/api').message, /`a` acts on kept, which is read-only/);
    assert.match(refused('a target=pod:kept/web/api effect=destroy').message, /read-only/);
    assert.equal(plan('a target=pod:kept/web/api effect=read').steps.length, 1);
    await write('.kube/config', kubeconfig('kept', 'kept'));
    assert.match(refused('a target=pod:web/api').message, /`a` acts on kept/);
  });

  it('cannot run as somebody else, and say what is not understood', () => {
    assert.match(
      refused('a target=pod:web/api user=root').message,
      /`user`, and what a cluster runs in a pod/,
    );
    assert.match(
      refused('a target=pod:web').message,
      /Write pod:\[CONTEXT\/\]NAMESPACE\/POD\[\/CONTAINER\] or/,
    );
  });
});
