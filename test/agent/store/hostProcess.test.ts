import assert from 'node:assert/strict';
import { readlinkSync } from 'node:fs';
import { isHostAlive, thisHost } from '../../../agent/store/hostProcess';
import { goneHost } from './sampleRun';

const onMachine = process.platform === 'linux' && readlinkSync('/proc/self/ns/pid') === 'pid:[4026531836]';

describe('the process that executes a run', () => {
  it('is told from another one that got its pid', () => {
    assert.equal(isHostAlive(thisHost()), true);
    assert.equal(isHostAlive({ ...thisHost(), startTime: '12' }), process.platform === 'win32');
    assert.equal(isHostAlive(goneHost), false);
  });

  /** Start time, start of the system, namespace, name of the machine. */
  type Identity = readonly [string, string, string, string];
  const cases: readonly [what: string, pid: number, change: (own: Identity) => Identity, alive: boolean][] = [
    ['is here', process.pid, own => own, true],
    ['had its pid', process.pid, ([, ...place]) => ['12', ...place], false],
    ['ran before the machine was started again', process.pid, ([t, , n, m]) => [t, 'other', n, m], false],
    ['runs on another machine', 2 ** 30, ([t, , n]) => [t, 'other', n, 'other'], true],
    // From the machine itself the processes of its containers can be seen.
    ['may run in another container', 2 ** 30, ([t, b]) => [t, b, '7', 'other'], !onMachine],
    ['ran in our container before it was started again', 2 ** 30, ([, b, , m]) => ['-1', b, '7', m], false],
    ['may run in another container of that name', 2 ** 30, ([t, b, , m]) => [t, b, '7', m], !onMachine],
  ];
  for (const [what, pid, change, alive] of cases) {
    it(`counts as ${alive ? 'alive' : 'gone'} where it ${what}`, function () {
      if (process.platform !== 'linux') this.skip();
      const own = thisHost().startTime.split('~') as unknown as Identity;
      assert.equal(own.length, 4);
      assert.equal(isHostAlive({ pid, startTime: change(own).join('~') }), alive);
    });
  }
});
