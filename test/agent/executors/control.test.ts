import assert from 'node:assert/strict';
import { once } from 'node:events';
import * as net from 'node:net';
import { type CellRequest, openControl } from '../../../agent/executors/interpreter/control';
import { temporaryFolder } from '../../support/temporaryFolder';

const request = {} as CellRequest;
const reply = (env: object): string =>
  `${JSON.stringify({ exit: 0, interrupted: false, cwd: '/', umask: 0, env })}\n`;

describe('the line to a live interpreter', () => {
  const cases: [string, string, boolean][] = [
    ['a reply of 15 MiB', reply({ A: 'x'.repeat(15 * 1024 * 1024) }), true],
    [
      'a reply of 17 MiB, as one of an interpreter that is gone',
      reply({ A: 'x'.repeat(17 * 1024 * 1024) }),
      false,
    ],
    ['a reply that comes in one piece with junk before it', `junk\n${reply({})}`, false],
    ['17 MiB without an end', 'x'.repeat(17 * 1024 * 1024), false],
  ];
  for (const [what, bytes, isTaken] of cases) {
    it(`${isTaken ? 'takes' : 'refuses'} ${what}`, async () => {
      await using folder = await temporaryFolder('handrail-control');
      const control = openControl(folder.path, 's');
      const socket = net.connect(control.path);
      socket.on('error', () => undefined);
      const answer = control.execute(request);
      await once(socket, 'data');
      socket.write(bytes);
      assert.equal((await answer)?.exit, isTaken ? 0 : undefined);
      assert.equal(control.isBroken, !isTaken);
      control.close();
      socket.destroy();
    });
  }
});
