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
  let told: string[];
  let isNeeded: boolean;
  const doors: Door[] = [];
  const note = (text: string): void => void logged.push(text);
  const log = { info: note, warn: note, error: note, close: () => undefined };

  beforeEach(async () => {
    home = await temporaryFolder('handrail-door');
    logged = [];
    entered = [];
    told = [];
    isNeeded = true;
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
    const door = await openDoor(place, log, {
      enter: (wire, token) => {
        entered.push(`${name} ${token}`);
        wire.destroy();
      },
      isNeeded: () => isNeeded,
      restored: reason => void told.push(`${name} restored: ${reason}`),
      displaced: reason => void told.push(`${name} displaced: ${reason}`),
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

  const socket = (): string => place.socket;
  const token = (): string => place.token;
  const losses: [string, () => void, string][] = [
    ['the socket was removed', () => fs.rmSync(socket()), 'its socket was removed'],
    ['the token was removed', () => fs.rmSync(token()), 'its token was removed'],
    [
      'both were removed',
      () => [socket(), token()].forEach(file => fs.rmSync(file)),
      'its socket was removed',
    ],
    ['another token lies there', () => fs.writeFileSync(token(), 'x'), 'its token was replaced'],
    ['a file lies there for the socket', () => replace(socket()), 'its socket was replaced'],
  ];
  for (const [what, lose, reason] of losses) {
    it(`opens again while it is needed when ${what}, however often, and keeps others out`, async () => {
      for (let i = 1; i <= 3; i++) {
        lose();
        await waitFor('the door', () => told.length === i);
        assert.equal(await comeIn(), 'first');
        assert.equal(takeLock(place.lock), undefined);
      }
      assert.deepEqual(new Set(told), new Set([`first restored: ${reason}`]));
    });

    it(`closes when ${what} and nobody needs it`, async () => {
      isNeeded = false;
      lose();
      await waitFor('the end', () => told.length > 0);
      assert.deepEqual(told, [`first displaced: ${reason}`]);
      assert.deepEqual([await comeIn(), entered], [undefined, []]);
    });
  }

  it('closes when its folder was removed, needed or not, and puts nothing there', async () => {
    fs.rmSync(runtime, { recursive: true });
    await waitFor('the end', () => told.length > 0);
    assert.deepEqual(told, ['first displaced: its files were removed']);
    assert.ok(!fs.existsSync(runtime));
  });

  it('tries until it can be opened again', async () => {
    fs.rmSync(place.socket);
    fs.mkdirSync(place.socket);
    await waitFor('two tries', () => logged.filter(text => text === 'Cannot listen again').length > 1);
    assert.deepEqual(told, []);
    fs.rmdirSync(place.socket);
    await waitFor('the door', async () => (await comeIn()) === 'first');
  });

  it('leaves everything to another agent that came while the files were gone', async () => {
    fs.rmSync(runtime, { recursive: true });
    fs.mkdirSync(runtime, { mode: 0o700 });
    await open('second');
    await waitFor('the first to see it', () => told.length > 0);
    assert.deepEqual(told, ['first displaced: another agent has taken its place']);
    doors.shift()?.close();
    assert.equal(await comeIn(), 'second');
    assert.equal(takeLock(place.lock), undefined);
    assert.equal(told.length, 1);
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

/** Puts a file into the place of another, as its successor would. */
function replace(file: string): void {
  fs.writeFileSync(`${file}.x`, '');
  fs.renameSync(`${file}.x`, file);
}
