import assert from 'node:assert/strict';
import { portsIn, portsOf } from '../../../../extension/commands/clusters/portsOf';

describe('ports to forward', () => {
  it('are those that a service, a workload or a pod says it has', () => {
    const service = 'spec:\n  ports:\n    - {name: main, port: 80}\n    - {port: 53, protocol: UDP}\n';
    assert.deepEqual(portsOf(service), [{ port: 80, description: 'main' }]);
    const containers = [
      'containers:',
      '- {name: web, ports: [{name: http, containerPort: 8000}]}',
      '- {name: side}',
    ];
    const podSpec = `spec:\n  ${containers.join('\n  ')}\n`;
    const own = [{ port: 8000, description: 'http of web' }];
    assert.deepEqual(portsOf(podSpec), own);
    const workload = `spec:\n  template:\n    spec:\n      ${containers.join('\n      ')}\n`;
    assert.deepEqual(portsOf(workload), own);
    for (const none of ['', 'spec: 1', 'spec:\n  ports: [1, {port: x}]', 'spec:\n  containers: {}'])
      assert.deepEqual(portsOf(none), []);
  });

  it('are read as a person types them', () => {
    const cases: readonly (readonly [string, unknown])[] = [
      ['80', { remote: 80 }],
      [' http ', { remote: 'http' }],
      ['8080:80', { remote: 80, local: 8080 }],
      ['8080:http', { remote: 'http', local: 8080 }],
      ['0', undefined],
      ['65536', undefined],
      ['70000:80', undefined],
      ['0:80', undefined],
      ['a b', undefined],
      ['', undefined],
    ];
    for (const [text, ports] of cases) assert.deepEqual(portsIn(text), ports, text);
  });
});
