import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { handrailFolders } from '../../../agent/folders';
import { dial } from '../../../agent/client/dial';
import { type Rendezvous, rendezvous } from '../../../agent/rendezvous';
import { type Door, openDoor } from '../../../agent/server/door';
import { takeLock } from '../../../agent/server/lock';
import { retireOlder } from '../../../agent/server/retireOlder';
import { temporaryFolder } from '../../support/temporaryFolder';
import { waitFor } from '../../support/waitFor';

describe('the door of an agent', () => {
  let home: Awaited<ReturnType<typeof temporaryFolder>>;
  let runtime: string;
  let place: Rendezvous;
  let logged: string[];
  let entered: string[];
  const doors: Door[] = [];
  const note = (text: string): void => void logged.push(text);
  const log = { info: note, warn: note, error: note, close: () => undefined };

  beforeEach(async () => {
    home = await temporaryFolder('handrail-door');
    logged = [];
    entered = [];
    const folders = handrailFolders({ HANDRAIL_HOME: home.path });
    runtime = folders.runtime;
    place = rendezvous(folders, '1.2.3');
    await open('first');
  });

  afterEach(async () => {
    for (const door of doors.splice(0)) {
      door.close();
      door.release();
    }
    await home[Symbol.asyncDispose]();
  });

  async function open(name: string): Promise<void> {
    const door = await openDoor(place, log, (wire, token) => {
      entered.push(`${name} ${token}`);
      wire.destroy();
    });
    assert.ok(door, `${name} cannot open`);
    doors.push(door);
  }

  /** Comes in; tells who let us in. */
  async function comeIn(): Promise<string | undefined> {
    entered.length = 0;
    const dialled = await dial(place).catch(() => undefined);
    if (dialled === undefined) return undefined;
    dialled.wire.destroy();
    const last = await waitFor('somebody at the door', () => entered.at(-1));
    const [name, token] = last.split(' ');
    return token === dialled.token ? name : undefined;
  }

  const removals: [string, () => void][] = [
    ['socket', () => fs.rmSync(place.socket)],
    ['token', () => fs.rmSync(place.token)],
    ['folder', () => fs.rmSync(runtime, { recursive: true })],
  ];
  for (const [what, remove] of removals) {
    it(`opens again when the ${what} was removed, however often, and keeps others out`, async () => {
      for (let i = 0; i < 3; i++) {
        remove();
        await waitFor('the door', async () => (await comeIn()) === 'first');
        assert.equal(takeLock(place.lock), undefined);
      }
    });
  }

  it('tries until it can be opened again', async () => {
    fs.rmSync(runtime, { recursive: true });
    fs.writeFileSync(runtime, 'in the way');
    await waitFor('two tries', () => logged.filter(text => text === 'Cannot listen again').length > 1);
    fs.rmSync(runtime);
    await waitFor('the door', async () => (await comeIn()) === 'first');
  });

  it('is left to another agent that came while the files were gone', async () => {
    fs.rmSync(runtime, { recursive: true });
    fs.mkdirSync(runtime, { mode: 0o700 });
    await open('second');
    await waitFor('the first to see it', async () => (await comeIn()) === 'second');
    assert.equal(takeLock(place.lock), undefined);
  });

  it('is one, also where somebody wrote into the lock', () => {
    const file = `${place.lock}.broken`;
    fs.writeFileSync(file, 'x'.repeat(5000));
    const inode = fs.statSync(file).ino;
    const lock = takeLock(file);
    assert.ok(lock?.isInPlace);
    assert.equal(takeLock(file), undefined);
    assert.equal(fs.statSync(file).ino, inode);
    lock.release();
  });

  it('stays open where older agents cannot be looked for', async () => {
    const nowhere = handrailFolders({ HANDRAIL_HOME: `${home.path}/nowhere` });
    await retireOlder(nowhere, '1.2.3', log);
    assert.deepEqual(logged, ['Older agents cannot be looked for']);
  });
});
