import assert from 'node:assert/strict';
import type { CheckSpec } from '../../../agent/health/checkSpec';
import type { CheckStatus } from '../../../agent/health/checkStatus';
import { readHealthFile } from '../../../agent/health/format/readHealthFile';
import { ProbeFailure } from '../../../agent/health/types/checkType';
import { watchChecks, type Watch } from '../../../agent/health/watchChecks';
import { ControlledClock } from './controlledClock';

describe('checks that are watched', () => {
  let clock: ControlledClock;
  let turns: string[];
  let stood: (number | undefined)[];
  let watch: Watch | undefined;
  let wellUntil: number;
  let looks: number;
  let broken: boolean;
  beforeEach(() => {
    clock = new ControlledClock();
    [turns, stood, looks, broken, wellUntil] = [[], [], 0, false, Infinity];
  });
  afterEach(() => watch?.close());

  const begin = (names: string[], fields = '', status?: CheckStatus): void => {
    const text = names.map(
      name => `  - {name: ${name}, type: tcp, address: db.example:1, every: 60s${fields}}`,
    );
    const { checks, problems } = readHealthFile('/a.health.yaml', `checks:\n${text.join('\n')}`);
    assert.deepEqual(problems, []);
    const probing = checks.map((check): { check: CheckSpec; status?: CheckStatus } => ({
      check: { ...check, probe: () => probe() },
      ...(status !== undefined && { status }),
    }));
    const told = (check: CheckSpec, is: CheckStatus, was: CheckStatus, lasted: number | undefined): void => {
      stood.push(lasted);
      if (is.state !== was.state) turns.push(`${check.name} ${was.state}→${is.state}`);
    };
    watch = watchChecks(probing, {}, told, clock);
  };
  const probe = (): Promise<Record<string, unknown>> => {
    looks += 1;
    if (broken) return Promise.reject(new TypeError('a fault of ours'));
    if (clock.now() < wellUntil) return Promise.resolve({});
    return Promise.reject(new ProbeFailure('connection refused'));
  };
  const minutes = (count: number): Promise<void> => clock.pass(count * 60_000);

  it('are looked at about as often as they ask for', async () => {
    begin(['a']);
    await minutes(10);
    assert.ok(looks >= 9 && looks <= 12, String(looks));
    assert.deepEqual(turns, ['a pending→up']);
  });

  it('go down after failures in a row, looked at sooner meanwhile, and up again', async () => {
    begin(['a']);
    await minutes(5);
    wellUntil = clock.now();
    await minutes(1.5);
    assert.deepEqual(turns, ['a pending→up', 'a up→down']);
    assert.equal(watch?.statusOf('a')?.last?.message, 'connection refused');
    wellUntil = Infinity;
    await minutes(1.5);
    assert.equal(turns.at(-1), 'a down→up');
  });

  it('stand as they did where they were watched before', async () => {
    const since = clock.now() - 3_600_000;
    wellUntil = 0;
    begin(['a'], '', { state: 'down', since, failed: 7, passed: 0, last: undefined });
    await minutes(1);
    const { state, failed, since: still } = watch?.statusOf('a') ?? {};
    assert.deepEqual([state, still, (failed ?? 0) > 7, turns], ['down', since, true, []]);
  });

  it('tell for how long they stood, but for the first look', async () => {
    begin(['a']);
    await minutes(5);
    assert.equal(stood[0], undefined);
    assert.ok(stood.slice(1).every(ms => ms !== undefined && ms > 50_000 && ms < 70_000));
  });

  it('raise no alarm after a night: what has not come back is told at once, and the night is a gap', async () => {
    const names = ['a', 'b', 'c', 'd'];
    begin(names, ', failures: 2');
    await minutes(5);
    [turns, stood] = [[], []];
    clock.sleep(9 * 3_600_000);
    wellUntil = clock.now();
    // It is found out at the next look, at some time within the next minute or so.
    for (let second = 0; second < 80 && turns.length === 0; second += 1) await clock.pass(1000);
    assert.deepEqual(
      turns,
      names.map(name => `${name} up→unknown`),
    );
    assert.match(watch?.statusOf('a')?.last?.message ?? '', /refused|asleep/);
    await clock.pass(65_000);
    assert.deepEqual(
      turns.slice(4),
      names.map(name => `${name} unknown→down`),
    );
    assert.ok(
      stood.every(ms => ms === undefined || ms < 70_000),
      'no time of the night is counted',
    );
  });

  it('come back after a night without a word of down', async () => {
    begin(['a'], ', failures: 1');
    await minutes(5);
    clock.sleep(9 * 3_600_000);
    wellUntil = clock.now();
    await clock.pass(50_000);
    wellUntil = Infinity;
    await minutes(2);
    assert.deepEqual(
      turns.filter(turn => turn.endsWith('down')),
      [],
    );
    assert.equal(watch?.statusOf('a')?.state, 'up');
  });

  it('go on where the clock is set back, and nothing lies ahead', async () => {
    begin(['a']);
    await minutes(5);
    clock.sleep(-3_600_000);
    const before = looks;
    await minutes(5);
    assert.ok(looks >= before + 4);
    assert.ok((watch?.statusOf('a')?.since ?? Infinity) <= clock.now());
    assert.deepEqual(turns, ['a pending→up']);
  });

  it('are unknown while this machine is offline', async () => {
    begin(['a'], ', failures: 1');
    await minutes(5);
    [clock.online, wellUntil] = [false, clock.now()];
    await minutes(2);
    assert.equal(turns.at(-1), 'a up→unknown');
    assert.match(watch?.statusOf('a')?.last?.message ?? '', /^this machine is offline/);
  });

  it('are looked at again after a fault of ours, which is told', async () => {
    begin(['a'], ', failures: 1');
    broken = true;
    await minutes(2);
    assert.match(watch?.statusOf('a')?.last?.message ?? '', /a fault of ours/);
    broken = false;
    await minutes(2);
    assert.equal(watch?.statusOf('a')?.state, 'up');
  });

  it('tell nothing once the watch is closed', async () => {
    begin(['a']);
    await minutes(2);
    watch?.close();
    const before = looks;
    await minutes(5);
    assert.equal(looks, before);
  });
});
