import assert from 'node:assert/strict';
import { allows, type Rule } from '../../../agent/protocol/clusterObjects';

const rule = (change: Partial<Rule>): Rule => ({
  verbs: ['get'],
  groups: [''],
  resources: ['pods'],
  names: [],
  ...change,
});

describe('what rules allow', () => {
  const get = { verb: 'get', group: '', resource: 'pods' };
  const cases: [string, Rule[], Parameters<typeof allows>[1], boolean][] = [
    ['nothing without a rule', [], get, false],
    ['what a rule names', [rule({})], get, true],
    ['no other verb', [rule({})], { ...get, verb: 'list' }, false],
    ['no other group', [rule({})], { ...get, group: 'apps' }, false],
    ['any verb by a star', [rule({ verbs: ['*'] })], { ...get, verb: 'patch' }, true],
    ['any group by a star', [rule({ groups: ['*'] })], { ...get, group: 'apps' }, true],
    ['any resource by a star', [rule({ resources: ['*'] })], { ...get, resource: 'pods/exec' }, true],
    ['no subresource by its resource', [rule({})], { ...get, resource: 'pods/exec' }, false],
    ['no resource by its subresource', [rule({ resources: ['pods/exec'] })], get, false],
    ['a subresource by its star', [rule({ resources: ['*/scale'] })], { ...get, resource: 'x/scale' }, true],
    ['a name that is listed', [rule({ names: ['a'] })], { ...get, name: 'a' }, true],
    ['no other name', [rule({ names: ['a'] })], { ...get, name: 'b' }, false],
    ['not all where names are listed', [rule({ names: ['a'] })], get, false],
    ['by the second rule', [rule({ verbs: ['list'] }), rule({})], get, true],
    ['not by two halves', [rule({ verbs: ['list'] }), rule({ groups: ['apps'] })], get, false],
  ];
  for (const [name, rules, asked, expected] of cases)
    it(name, () => assert.equal(allows(rules, asked), expected));
});
