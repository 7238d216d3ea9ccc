import assert from 'node:assert/strict';
import { placeOf } from '../../../../agent/containers/actions/actionCommands';
import type { FoundEndpoint } from '../../../../agent/containers/endpoints/foundEndpoint';
import { endpointAt } from '../live/watchedEngine';

describe('the options that lead docker to an endpoint', () => {
  const cases: readonly (readonly [what: string, more: Partial<FoundEndpoint>, options: string[]])[] = [
    ['the context default', { id: 'context:default', source: 'context' }, ['--host', 'unix:///s']],
    ['another context', { id: 'context:lab', source: 'context' }, ['--context', 'lab']],
    ['the environment', {}, ['--host', 'unix:///s']],
    [
      'TLS',
      { tls: { ca: '/ca.pem', verify: true } },
      ['--host', 'unix:///s', '--tlsverify', '--tlscacert', '/ca.pem'],
    ],
  ];
  for (const [what, more, options] of cases) {
    for (const current of [true, false]) {
      it(`name ${what}, ${current ? 'current' : 'not current'} when it was found`, () => {
        assert.deepEqual(placeOf({ ...endpointAt('unix:///s'), ...more, current }), options);
      });
    }
  }
});
