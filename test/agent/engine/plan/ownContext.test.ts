import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { withOwnKubeconfig } from '../../../../agent/clusters/contexts/ownKubeconfig';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { planWorld } from '../../../../agent/engine/plan/planWorld';
import { sessionStart } from '../../../../agent/engine/session/sessionStart';
import type { Plan } from '../../../../agent/engine/types';
import { beginningAgain, ownContextOf } from '../../../../agent/identity/ownContext';
import { createIdentityReader } from '../../../../agent/identity/readIdentity';
import { HandrailError } from '../../../../agent/protocol/errors';
import { parseRunbook } from '../../../../agent/runbook/parseRunbook';
import { cells, sampleRequest } from '../sampleRequest';

const kubeconfig = `
current-context: stage
contexts:
  - {name: stage, context: {cluster: c, user: ana}}
  - {name: prod-eu, context: {cluster: p, user: bob, namespace: shop}}
clusters:
  - {name: c, cluster: {server: "https://c"}}
  - {name: p, cluster: {server: "https://p"}}
users:
  - {name: bob, user: {token: sesame}}
`;

describe("a runbook's own context", () => {
  let home: string;
  let file: string;
  let KUBECONFIG: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'context-'));
    file = join(home, 'x.runbook.md');
    KUBECONFIG = join(home, 'kubeconfig');
    await writeFile(KUBECONFIG, kubeconfig);
    await writeFile(join(home, 'config.yaml'), 'production: prod-*\n');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const environmentOf = (env: Record<string, string>) => ({
    ...sampleRequest('').environment,
    ...{ env: { HOME: home, ...env }, cwd: home },
  });
  const plan = (text: string, env: Record<string, string> = { KUBECONFIG }): Plan =>
    planRun(sampleRequest(text, { file, environment: environmentOf(env) }), planWorld({ config: home }));
  const refused = (text: string): HandrailError => {
    try {
      plan(text);
    } catch (error) {
      if (error instanceof HandrailError) return error;
      throw error;
    }
    throw new Error('It was not refused');
  };
  const front = (context: string): string => `---\ncontext: ${context}\n---\n`;

  it('is what the plan tells, and what rules for production are for', () => {
    const error = refused(front('prod-eu') + cells({ a: 'kubectl apply -f x' }));
    assert.equal(error.code, 'needsAnswer');
    assert.match(error.message + JSON.stringify(error.details), /"typed":"prod-eu"/);
    const { identity } = plan(front('prod-eu') + cells({ 'a effect=read': 'kubectl get pods' }));
    assert.deepEqual(
      identity.map(({ values }) => values),
      [{ context: 'prod-eu', server: 'https://p', user: 'bob', namespace: 'shop' }],
    );
    assert.equal(plan(cells({ a: 'kubectl apply -f x' })).identity[0]?.label, 'stage as ana');
  });

  it('is not that of a cell that sets another kubeconfig', async () => {
    await writeFile(join(home, 'other'), kubeconfig);
    const text = cells({ a: `KUBECONFIG=${join(home, 'other')} kubectl apply -f x` });
    const error = refused(front('prod-eu') + text);
    assert.equal(error.code, 'needsAnswer');
    await writeFile(
      join(home, 'other'),
      kubeconfig.replace('current-context: stage', 'current-context: prod-eu'),
    );
    assert.match(JSON.stringify(refused(front('stage') + text).details), /"typed":"prod-eu"/);
  });

  it('is that of targets and of the kubeconfigs at their usual place, too', () => {
    assert.match(
      JSON.stringify(refused(front('prod-eu') + cells({ 'a target=pod:web/api': 'x' })).details),
      /prod-eu/,
    );
    const { warnings } = plan(front('prod-eu') + cells({ a: 'true' }), {});
    assert.match(warnings.map(({ message }) => message).join(), /No kubeconfig has the context prod-eu/);
  });

  it('has to be a name', () => {
    for (const wrong of ['[a]', '""', '3'])
      assert.match(
        refused(front(wrong) + cells({ a: 'x' })).message,
        /context in the front matter is not the name/,
      );
  });

  it('is made the current one by a private file without secrets, before the others', async () => {
    const { environment } = sessionStart(file, parseRunbook(front('prod-eu')), environmentOf({ KUBECONFIG }));
    const { env } = withOwnKubeconfig(environment, join(home, 'sessions'));
    assert.equal(ownContextOf(env), undefined);
    const [own = '', ...rest] = (env['KUBECONFIG'] ?? '').split(delimiter);
    assert.deepEqual(rest, [KUBECONFIG]);
    assert.equal((await stat(own)).mode & 0o777, 0o600);
    const text = await readFile(own, 'utf8');
    assert.doesNotMatch(text, /sesame|https/);
    const [fact] = createIdentityReader()(env, home, ['kube']);
    const values = { context: 'prod-eu', server: 'https://p', user: 'bob', namespace: 'shop' };
    assert.deepEqual(fact, { kind: 'kube', label: 'prod-eu as bob', held: true, values });
    const without = sessionStart(file, parseRunbook('x'), environmentOf({ KUBECONFIG }));
    assert.equal(withOwnKubeconfig(without.environment, home).env['KUBECONFIG'], KUBECONFIG);
  });

  it('is taken up again by the next run in a session, unless a cell has chosen other kubeconfigs', () => {
    const started = (text: string) =>
      sessionStart(file, parseRunbook(text), environmentOf({ KUBECONFIG })).environment.env;
    const begun = withOwnKubeconfig(
      { env: started(front('prod-eu')), cwd: home },
      join(home, 'sessions'),
    ).env;
    assert.equal(ownContextOf(beginningAgain(begun, started(front('stage')))), 'stage');
    const dropped = beginningAgain(begun, started('x'));
    assert.deepEqual([ownContextOf(dropped), dropped['KUBECONFIG']], [undefined, KUBECONFIG]);
    const chosen = beginningAgain({ ...begun, KUBECONFIG: '/other' }, started(front('stage')));
    assert.deepEqual([ownContextOf(chosen), chosen['KUBECONFIG']], [undefined, '/other']);
  });

  it('is one for all that a run needs', async () => {
    await writeFile(join(home, 'b.md'), front('stage') + cells({ b: 'kubectl get pods' }));
    const text = cells({ 'a needs=b.md#b': 'true' });
    assert.match(refused(text).message, /b\.md:2:1: Its cells act on the context "stage", and .* names none/);
    assert.match(refused(front('prod-eu') + text).message, /acts on prod-eu\. Give both the same/);
    assert.equal(plan(front('stage') + text).steps.length, 2);
  });
});
