import assert from 'node:assert/strict';
import { changesOf } from '../../../../extension/commands/clusters/changing/labelChanges';
import { saidOutcomes } from '../../../../extension/commands/outcomes';

describe('labels as a person types them', () => {
  const cases: readonly (readonly [string, Record<string, string | null> | undefined])[] = [
    ['app=web', { app: 'web' }],
    ['  app=web   tier- ', { app: 'web', tier: null }],
    ['example.com/owner=a@b.c empty=', { 'example.com/owner': 'a@b.c', empty: '' }],
    ['my-app-=x', { 'my-app-': 'x' }],
    ['my-app-', { 'my-app': null }],
    ['', undefined],
    ['app', undefined],
    ['a=b c', undefined],
  ];
  for (const [typed, expected] of cases)
    it(JSON.stringify(typed), () => assert.deepEqual(changesOf(typed), expected));
});

describe('what became of an action on objects', () => {
  it('names what failed, and says who was asked', () => {
    const done = { id: 'a', name: 'a', outcome: 'done' } as const;
    const failed = { id: 'b', name: 'b', outcome: 'failed' } as const;
    assert.deepEqual(saidOutcomes('scaled', [done], 'the cluster'), { text: 'a: scaled.', failed: false });
    const { text } = saidOutcomes('scaled', [done, failed], 'the cluster');
    assert.equal(text, '1 of 2 were not scaled. b: the cluster did not say why');
  });
});
