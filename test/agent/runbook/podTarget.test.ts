import assert from 'node:assert/strict';
import {
  isPodTarget,
  type PodTarget,
  resolvePodTarget,
  writePodTarget,
} from '../../../agent/runbook/podTarget';

const arn = 'arn:aws:eks:eu-west-1:123456789012:cluster/shop';
const contexts = ['prod', 'shop', arn, 'a', 'a/b'];

/** What is meant where the contexts above are there; a text: what the problem says. */
const targets: Readonly<Record<string, PodTarget | RegExp>> = {
  'pod:web/api': { namespace: 'web', kind: 'pod', name: 'api' },
  'pod:web/api-0.x/app': { namespace: 'web', kind: 'pod', name: 'api-0.x', container: 'app' },
  'pod:prod/web/api': { on: 'prod', namespace: 'web', kind: 'pod', name: 'api' },
  'pod:prod/web/api/app': { on: 'prod', namespace: 'web', kind: 'pod', name: 'api', container: 'app' },
  'pod:web/deploy/api': { namespace: 'web', kind: 'deploy', name: 'api' },
  'pod:web/deployment/api/app': { namespace: 'web', kind: 'deploy', name: 'api', container: 'app' },
  'pod:prod/web/svc/api': { on: 'prod', namespace: 'web', kind: 'svc', name: 'api' },
  'pod:prod/web/sts/api/app': { on: 'prod', namespace: 'web', kind: 'sts', name: 'api', container: 'app' },
  'pod:prod/pod/web/app': { namespace: 'prod', kind: 'pod', name: 'web', container: 'app' },
  [`pod:${arn}/web/api`]: { on: arn, namespace: 'web', kind: 'pod', name: 'api' },
  [`pod:${arn}/web/api/app`]: { on: arn, namespace: 'web', kind: 'pod', name: 'api', container: 'app' },
  [`pod:${arn}/web/job/api`]: { on: arn, namespace: 'web', kind: 'job', name: 'api' },
  'pod:user@cluster/web/api': /: there is no context user@cluster$/,
  'pod:x/y/web/api': /: there is no context x or x\/y$/,
  'pod:a/b/c/d':
    /can mean the container d of the pod c in the namespace b of the context a, or the pod d in the/,
};

describe('the target of a cell that is a pod', () => {
  for (const [text, expected] of Object.entries(targets)) {
    it(`${text} is read`, () => {
      const found = resolvePodTarget(text, name => contexts.includes(name));
      if (expected instanceof RegExp) assert.match('problem' in found ? found.problem : '', expected);
      else assert.deepEqual(found, { found: expected });
    });
  }

  for (const target of Object.values(targets)) {
    if (target instanceof RegExp) continue;
    for (const there of [
      contexts,
      target.on === undefined ? [] : [target.on],
      ['web', 'prod', 'pod', 'deploy'],
    ]) {
      const isThere = (name: string): boolean => name === target.on || there.includes(name);
      it(`${writePodTarget(target, true)} means the same with ${there.join(', ') || 'no contexts'}`, () => {
        assert.deepEqual(resolvePodTarget(writePodTarget(target, true), isThere), { found: target });
      });
    }
  }

  for (const text of [
    ...[
      'local',
      '',
      'pod:',
      'pod:web',
      'pod:/web/api',
      'pod:web/',
      'pod:Web/api',
      'pod:web/api_x',
      'pods:a/b',
    ],
    ...['container:a', 'pod:web/a b', `pod:${'n'.repeat(64)}/a`],
  ])
    it(`${text || 'nothing'} is none`, () => assert.equal(isPodTarget(text), false));
});
