import assert from 'node:assert/strict';
import { readStatus } from '../../../../agent/containers/live/statusWords';

const second = 1000;
const hour = 3_600_000;

describe('the words of a list on a container', () => {
  const cases: readonly (readonly [string, ReturnType<typeof readStatus>])[] = [
    ['Created', {}],
    ['Up Less than a second', { age: { ms: 0, error: second } }],
    ['Up 1 second', { age: { ms: second, error: second } }],
    ['Up About a minute (healthy)', { health: 'healthy', age: { ms: 60 * second, error: 60 * second } }],
    ['Up About an hour (health: starting)', { health: 'starting', age: { ms: hour, error: hour } }],
    ['Up 3 hours (unhealthy)', { health: 'unhealthy', age: { ms: 3 * hour, error: hour } }],
    ['Up 2 days (Paused)', { age: { ms: 48 * hour, error: 24 * hour } }],
    ['Exited (137) 2 weeks ago', { exit: 137, age: { ms: 14 * 24 * hour, error: 7 * 24 * hour } }],
    ['Restarting (1) 5 seconds ago', { exit: 1, age: { ms: 5 * second, error: second } }],
    ['Exited (-1) 3 months ago', { exit: -1, age: { ms: 90 * 24 * hour, error: 30 * 24 * hour } }],
    ['Removal In Progress', {}],
    ['Dead', {}],
    ['', {}],
  ];
  for (const [words, status] of cases) {
    it(`are read: ${words}`, () => assert.deepEqual(readStatus(words), status));
  }
});
