import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Engine } from '../../../../agent/containers/engine/engine';
import type { MergedLog } from '../../../../agent/containers/logs/mergedLog';
import { saveLog } from '../../../../agent/logs/saveLog';
import type { Wanted } from '../../../../agent/containers/logs/containerLog';
import type { LogLine, LogOf, LogSource } from '../../../../agent/protocol/logs';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { podman, startPodman } from '../../../support/engine/podman';
import { needs } from '../../../support/realSystem';
import { waitFor } from '../../../support/waitFor';
import { endpointAt } from '../live/watchedEngine';

const image = 'localhost/busybox:1';
/** Prints numbered lines to both outputs, going on where its file says, and ends by itself at 100,000. */
const counter = `
n=$(cat /n 2>/dev/null || echo 0)
trap stop=1 TERM
while [ $n -lt 100000 ]; do
  [ ! "$stop" ] || { echo $n >/n; exit; }
  n=$((n + 1)); echo "line $n"
  [ $((n % 3)) -ne 0 ] || echo "error $n" >&2
  [ $((n % 50)) -ne 0 ] || { echo $n >/n; sleep 0.01; }
done`;

/** A log that is read, and all that it told. */
class ReadLog implements AsyncDisposable {
  readonly engine: Engine;
  readonly lines: LogLine[] = [];
  readonly bugs: unknown[] = [];
  sources: LogSource[] = [];
  leftOut = 0;
  ended = false;
  #log: MergedLog | undefined;
  #running: Promise<void> | undefined;
  /** While it is set, nothing more is taken. */
  held: PromiseWithResolvers<void> | undefined;

  constructor(address: string) {
    this.engine = new Engine(endpointAt(address), error => this.bugs.push(error));
  }

  async open(of: LogOf, range: Partial<Wanted> = {}): Promise<this> {
    const log = await this.engine.log(of, { follow: true, ...range });
    this.#log = log;
    this.#running = log.run(async ({ lines, sources, leftOut = 0, ended }) => {
      if (sources !== undefined) this.leftOut = leftOut;
      this.lines.push(...lines);
      this.sources = sources ?? this.sources;
      this.ended = ended;
      if (lines.length > 0) await this.held?.promise;
    });
    return this;
  }

  async all(): Promise<this> {
    await this.#running;
    return this;
  }

  texts(source = 0, isError = false): string[] {
    return this.lines.filter(line => line[0] === source && line[2] === isError).map(line => line[3]);
  }

  state(source = 0): string {
    const { state, message } = this.sources[source] ?? {};
    return `${state} ${message}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#log?.close();
    this.held?.resolve();
    await this.#running;
    this.engine.close();
    assert.deepEqual(this.bugs, []);
  }
}

/** Numbers of lines such as `line 7` that are missing or come twice, up to the highest. */
function wrong(texts: readonly string[], word: string, step = 1): string[] {
  const seen = new Map<number, number>();
  for (const text of texts) {
    const [, number] = new RegExp(`^${word} (\\d+)$`).exec(text) ?? [];
    if (number === undefined) return [`odd line ${JSON.stringify(text)}`];
    seen.set(Number(number), (seen.get(Number(number)) ?? 0) + 1);
  }
  const found: string[] = [];
  const highest = [...seen.keys()].reduce((a, b) => Math.max(a, b), 0);
  for (let number = step; number <= highest; number += step) {
    if (seen.get(number) !== 1) found.push(`${word} ${number}: ${seen.get(number) ?? 0} times`);
  }
  return found;
}

const of = (...ids: string[]): LogOf => ({ kind: 'containers', ids });

for (const kind of ['docker', 'podman'] as const) {
  describe(`logs of ${kind}`, function () {
    this.timeout(120_000);
    before(needs(kind === 'docker' ? dockerd : podman));
    let engine: RealEngine;
    before(async function () {
      this.timeout(300_000);
      engine = await (kind === 'docker' ? startDocker({ liveRestore: true }) : startPodman());
      await engine.load('busybox');
    });
    after(() => engine[Symbol.asyncDispose]());
    afterEach(async () => {
      const all = await engine.docker('ps', '-aq');
      if (all !== '') await engine.docker('rm', '-fv', ...all.split('\n'));
    });
    const run = (name: string, script: string, ...more: string[]) =>
      engine.docker('run', '-d', '--name', name, ...more, image, 'sh', '-c', script);
    const ended = (name: string) => engine.docker('wait', name);

    it('are told whole, with both outputs, of a container that has ended', async () => {
      await run('done', 'for n in 1 2 3; do echo "line $n"; echo "error $n" >&2; done; printf open');
      await ended('done');
      await using log = await new ReadLog(engine.address).open(of('done'), { follow: false });
      await log.all();
      assert.deepEqual(log.texts(), ['line 1', 'line 2', 'line 3', 'open']);
      assert.deepEqual(log.texts(0, true), ['error 1', 'error 2', 'error 3']);
      assert.equal(log.ended, true);
      assert.ok(log.lines.every(([, time]) => !Number.isNaN(Date.parse(time))));
      await using last = await new ReadLog(engine.address).open(of('done'), { follow: false, tail: 2 });
      assert.equal((await last.all()).lines.length, 2);
    });

    it('are followed of 200 containers at most, and tell how many are left out', async () => {
      const ids = Array.from({ length: 203 }, (_, index) => `gone-${String(index)}`);
      await using log = await new ReadLog(engine.address).open(
        { kind: 'containers', ids },
        { follow: false },
      );
      await log.all();
      assert.deepEqual([log.sources.length, log.leftOut], [200, 3]);
    });

    it('are told of terminals, and of lines longer than the engine keeps together', async () => {
      const long = `head -c 51200 /dev/zero | tr '\\0' x`;
      await run('tty', `echo first; ${long}; echo; echo last`, '-t');
      await run('pipe', `echo first; ${long}; echo; echo last`);
      await Promise.all([ended('tty'), ended('pipe')]);
      // Podman's own log of a terminal has other pieces of so long a line.
      for (const name of engine.kind === 'podman' ? ['pipe'] : ['tty', 'pipe']) {
        await using log = await new ReadLog(engine.address).open(of(name), { follow: false });
        assert.deepEqual((await log.all()).texts(), ['first', 'x'.repeat(51_200), 'last'], name);
      }
    });

    it('go on over restarts of the container: no line lost, none doubled', async () => {
      await run('count', counter, '--stop-timeout', '5');
      await using log = await new ReadLog(engine.address).open(of('count'));
      await waitFor('lines', () => log.lines.length > 500);
      await engine.docker('restart', 'count');
      const before = log.lines.length;
      await waitFor('more lines', () => log.lines.length > before + 500);
      await engine.docker('stop', 'count');
      await waitFor('its end', () => log.state().startsWith('waiting stopped (exit'), 20_000);
      await engine.docker('start', 'count');
      const stopped = log.lines.length;
      await waitFor('lines again', () => log.lines.length > stopped + 500);
      await engine.docker('rm', '-f', 'count');
      await waitFor('its removal', () => log.ended);
      assert.equal(log.state(), 'ended removed');
      assert.deepEqual(wrong(log.texts(), 'line'), []);
      assert.deepEqual(wrong(log.texts(0, true), 'error', 3), []);
    });

    it('go on over a restart of the engine: no line lost, none doubled', async () => {
      await run('count', counter);
      await using log = await new ReadLog(engine.address).open(of('count'));
      await waitFor('lines', () => log.lines.length > 500);
      await engine.restart();
      const before = log.lines.length;
      await waitFor('more lines', () => log.lines.length > before + 500, 30_000);
      await engine.kill();
      await waitFor('its loss', () => log.state().startsWith('waiting'));
      await engine.start();
      const killed = log.lines.length;
      await waitFor('lines again', () => log.lines.length > killed + 500, 30_000);
      assert.match(log.state(), /^following/);
      assert.deepEqual(wrong(log.texts(), 'line'), []);
      assert.deepEqual(wrong(log.texts(0, true), 'error', 3), []);
    });

    it('wait while nobody takes them, and are whole afterwards', async () => {
      await run('flood', 'seq 1 300000 | sed "s/^/line /"');
      await using log = new ReadLog(engine.address);
      log.held = Promise.withResolvers();
      await log.open(of('flood'));
      await waitFor('the first', () => log.lines.length > 0);
      await ended('flood');
      const { length } = log.lines;
      await new Promise(resolve => setTimeout(resolve, 300));
      assert.equal(log.lines.length, length);
      log.held.resolve();
      await waitFor('all', () => log.lines.length === 300_000, 60_000);
      assert.deepEqual(wrong(log.texts(), 'line'), []);
    });

    it('are merged in order of time, over a project, with containers that come later', async () => {
      const label = (service: string) => [
        '--label',
        'com.docker.compose.project=shop',
        '--label',
        `com.docker.compose.service=${service}`,
      ];
      const names = ['aa', 'bb', 'cc'];
      const script = 'for n in $(seq 1 2000); do echo "line $n"; [ $((n % 100)) -ne 0 ] || sleep 0.01; done';
      await Promise.all(names.map(name => run(name, script, ...label(name))));
      await run('other', script);
      await Promise.all(names.map(ended));
      const project: LogOf = { kind: 'project', project: 'shop' };
      await using log = await new ReadLog(engine.address).open(project);
      await waitFor('all lines', () => log.lines.length === 6000);
      const times = log.lines.map(([, time]) => time);
      const back = times.findIndex((time, index) => time < (times[index - 1] ?? ''));
      assert.equal(back, -1, `${times[back - 1]} before ${times[back]}`);
      assert.deepEqual(log.sources.map(({ name }) => name).sort(), names);
      await run('later', 'echo later', ...label('aa'));
      await waitFor('the later one', () => log.texts(3).length === 1);
      await using service = await new ReadLog(engine.address).open(
        { ...project, service: 'bb' },
        { follow: false },
      );
      await service.all();
      assert.equal(service.lines.length, 2000);
    });

    it('are saved to a file', async () => {
      await run('a1', 'seq 1 100000 | sed "s/^/line /"; head -c 300000 /dev/zero | tr "\\0" y; echo');
      await ended('a1');
      await using log = new ReadLog(engine.address);
      const path = join(engine.folder, 'saved.log');
      const { lines, bytes } = await saveLog(await log.engine.log(of('a1'), { follow: false }), {
        path,
        timestamps: false,
      });
      const text = await readFile(path, 'utf8');
      assert.equal(lines, 100_001);
      assert.equal(bytes, text.length);
      assert.equal(text.split('\n')[99_999], 'line 100000');
      assert.equal(text.split('\n')[100_000]?.length, 300_000);
      await assert.rejects(
        saveLog(await log.engine.log(of('nowhere'), { follow: false }), { path, timestamps: true }),
        /nowhere: removed/,
      );
    });
  });
}
