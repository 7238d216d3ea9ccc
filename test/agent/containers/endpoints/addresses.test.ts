import assert from 'node:assert/strict';
import { parseAddress } from '../../../../agent/containers/endpoints/addresses';

describe('the address of an engine', () => {
  const good: readonly (readonly [string, object])[] = [
    ['unix:///run/docker.sock', { kind: 'socket', path: '/run/docker.sock' }],
    ['tcp://box', { kind: 'tcp', host: 'box', port: 2375 }],
    ['https://box/', { kind: 'tcp', host: 'box', port: 2376 }],
    ['ssh://me@box:2222', { kind: 'ssh', host: 'box', user: 'me', port: 2222 }],
  ];
  for (const [address, expected] of good)
    it(`is taken apart: ${address}`, () => assert.deepEqual(parseAddress(address, false), expected));

  const bad: readonly (readonly [string, RegExp])[] = [
    ['unix://docker.sock', /must be absolute/],
    ['box:2375', /is no address of an engine/],
    ['tcp://box:2375/engines/one', /below a path \(\/engines\/one\) cannot be reached/],
    ['ssh://-oProxyCommand=x', /is no (SSH host|address)/],
  ];
  for (const [address, words] of bad)
    it(`is refused: ${address}`, () => assert.throws(() => parseAddress(address, false), words));
});
