import assert from 'node:assert/strict';
import { ExpectedStates } from '../../../../agent/containers/live/expectedStates';
import type { ContainerState } from '../../../../agent/protocol/containers';
import { aContainer } from '../../../support/someContainers';
import { waitFor } from '../../../support/waitFor';

describe('what events told and lists do not show yet', () => {
  const watch = (initial: ContainerState) => {
    const again: string[] = [];
    let state: ContainerState | undefined = initial;
    const expected = new ExpectedStates(id => {
      again.push(id);
      look();
    });
    const look = () =>
      expected.fetched(id => (state === undefined ? undefined : aContainer('a', { id, state })));
    return { again, expected, look, set: (next: ContainerState | undefined) => void (state = next) };
  };

  it('is looked at again until it shows', async () => {
    const { again, expected, look, set } = watch('running');
    expected.told('a', 'down');
    look();
    await waitFor('a second look', () => again.length === 2);
    set('exited');
    look();
    await new Promise(resolve => setTimeout(resolve, 300));
    assert.equal(again.length, 2);
  });

  it('is looked at again also where others are fetched all the time', async () => {
    const { again, expected, look } = watch('running');
    expected.told('a', 'down');
    for (let other = 0; other < 20; other++) look();
    await waitFor('a look', () => again.length > 0);
    expected.stop();
  });

  const fitting: readonly (readonly ['up' | 'down' | 'paused', ContainerState | undefined])[] = [
    ['up', 'running'],
    ['up', 'paused'],
    ['paused', 'paused'],
    ['down', 'exited'],
    ['down', 'restarting'],
    ['down', undefined],
  ];
  for (const [told, shown] of fitting) {
    it(`is not, where ${told} shows as ${shown}`, async () => {
      const { again, expected, look, set } = watch('created');
      set(shown);
      expected.told('a', told);
      look();
      await new Promise(resolve => setTimeout(resolve, 120));
      assert.deepEqual(again, []);
    });
  }
});
