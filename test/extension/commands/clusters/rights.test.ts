import assert from 'node:assert/strict';
import { refusal, type Rules, waysText } from '../../../../extension/commands/clusters/rights';
import { contextOf, kindOf } from '../../../support/someClusters';

const verbs = ['list', 'watch', 'delete', 'patch'];
const deployments = kindOf('deployments.apps', { verbs: [...verbs, 'scale/patch'] });
const web = { kind: deployments, namespace: 'shop', name: 'web' };

function rules(...own: Partial<Rules['rules'][number]>[]): Rules {
  const all = { verbs: ['*'], groups: ['*'], resources: ['*'], names: [] };
  return { rules: own.map(one => ({ ...all, ...one })), incomplete: false };
}

describe('what a person may do in a cluster', () => {
  const denied = ',-delete,-scale,-roll,-pause,-image,-mark';
  const free = denied.replaceAll('-', '+');
  const cases: [string, Rules | undefined, string][] = [
    ['all', rules({}), free],
    ['nothing', rules(), denied],
    ['what is not known', undefined, free],
    ['what is told in part', { rules: [], incomplete: true }, free],
    ['only looking', rules({ verbs: ['get', 'list', 'watch'] }), denied],
    [
      'only scaling',
      rules({ resources: ['deployments/scale'] }),
      ',-delete,+scale,-roll,-pause,-image,-mark',
    ],
    [
      'only patching',
      rules({ verbs: ['patch'], resources: ['deployments'] }),
      ',-delete,-scale,+roll,+pause,+image,+mark',
    ],
    ['all of this one', rules({ names: ['web'] }), free],
    ['all of another one', rules({ names: ['api'] }), denied],
  ];
  for (const [what, given, expected] of cases)
    it(`tells menus what is missing to who may do ${what}`, () => {
      assert.equal(waysText(deployments, given, 'web'), expected);
    });

  it('knows the ways that kinds of their own have', () => {
    const ways = (id: string) => waysText(kindOf(id, { verbs: ['list'] }), rules(), 'one');
    assert.equal(ways('nodes'), ',-cordon,-drain');
    assert.equal(ways('cronjobs.batch'), ',-suspend,-runNow');
    assert.equal(ways('secrets'), ',-secret');
    assert.equal(ways('configmaps'), '');
  });

  it('names the verb that is missing, and where', () => {
    const said = refusal(contextOf(), 'scale', web, rules({ verbs: ['get'] }));
    assert.match(said ?? '', /^ana may not patch deployments\/scale in shop on test\. The verb patch/);
    assert.equal(refusal(contextOf(), 'scale', web, rules({})), undefined);
    assert.equal(refusal(contextOf(), 'scale', web, undefined), undefined);
  });
});
