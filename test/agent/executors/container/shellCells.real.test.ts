import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellSpec, Ending } from '../../../../agent/executors/executor';
import { dockerd, startDocker } from '../../../support/engine/dockerd';
import type { RealEngine } from '../../../support/engine/engine';
import { podman, startPodman } from '../../../support/engine/podman';
import { omit } from '../../../../agent/engine/omit';
import { mayBeMissing, needs } from '../../../support/realSystem';
import { until } from '../harness';
import { type ContainerHarness, openOn, running } from './cellsInContainers';

interface Case extends Partial<Pick<CellSpec, 'text' | 'strict' | 'env' | 'cwd'>> {
  readonly text: string;
  readonly out?: string;
  readonly err?: RegExp;
  readonly ending?: Partial<Ending>;
}

/** Cells one after the other in one session, in a container that has a POSIX sh only, and in one with bash. */
const cells: Record<string, Case> = {
  'print on both streams': { text: 'echo a; echo b >&2', out: 'a\n', err: /^b\n$/ },
  'keep variables, folder and exported ones': { text: 'A="x y"; export B=é; cd /etc' },
  'have them in the next': { text: 'echo "$A|$B|$PWD"; env | grep ^B=', out: 'x y|é|/etc\nB=é\n' },
  'get what is for them only': { text: 'echo $ONE', env: { ONE: 'a "b" $c' }, out: 'a "b" $c\n' },
  'do not keep that': { text: 'echo ${ONE-none}', out: 'none\n' },
  'stop at the first failure': { text: 'C=3\nfalse\necho no', ending: { reason: 'exit', exit: 1 } },
  'keep what was set before it': { text: 'echo $C', out: '3\n' },
  'run as pasted where they are not strict': { text: 'false\necho yes', strict: false, out: 'yes\n' },
  'may exit': { text: 'D=4; exit 7', ending: { reason: 'exit', exit: 7 } },
  'keep what was set before that': { text: 'echo $D', out: '4\n' },
  'may unset what the container gives': { text: 'unset GIVEN' },
  'lack it from then on': { text: 'echo ${GIVEN-gone}; env | grep ^GIVEN || :', out: 'gone\n' },
  'have a folder of their own': { text: 'pwd', cwd: '/tmp', out: '/tmp\n' },
  'are in the former one again': { text: 'pwd', out: '/etc\n' },
  'say that their folder is not there': {
    text: 'pwd',
    cwd: '/nowhere',
    ending: {
      reason: 'error',
      message: 'The folder of this cell is not there in container box: /nowhere. Create it, or correct cwd=',
    },
  },
  'read nothing': { text: 'cat; echo end', out: 'end\n' },
  'may remove their own files': { text: 'rm -rf /tmp/.handrail*; echo gone', out: 'gone\n' },
};

const engines: Record<string, { start: () => Promise<RealEngine>; system: typeof dockerd }> = {
  docker: { start: () => startDocker(), system: dockerd },
  podman: { start: () => startPodman(), system: podman },
};

for (const [name, { start, system }] of Object.entries(engines)) {
  describe(`shell cells in containers of ${name}`, function () {
    this.timeout(120_000);
    let engine: RealEngine;
    before(needs(system));
    before(async function () {
      try {
        engine = await start();
      } catch (error) {
        if (!mayBeMissing(error)) throw error;
        this.skip();
      }
      await engine.load('busybox', 'bash');
    });
    after(() => engine?.[Symbol.asyncDispose]());

    for (const image of ['busybox', 'bash']) {
      describe(`of the image ${image}`, () => {
        let harness: ContainerHarness;
        before(async () => {
          await engine.docker(
            ...['run', '-d', '--name', 'box', '--env', 'GIVEN=1', `localhost/${image}:1`],
            ...['sleep', '100000'],
          );
          harness = await openOn(engine);
        });
        after(async () => {
          await harness.close();
          const left = await running(engine, 'box');
          await engine.docker('rm', '-f', 'box');
          assert.deepEqual(left, ['sleep 100000']);
        });

        for (const [does, { out, err, ending = { reason: 'exit', exit: 0 }, ...spec }] of Object.entries(
          cells,
        )) {
          it(does, async () => {
            const found = await harness.on('container:box', spec);
            // Which line failed not every shell tells.
            assert.deepEqual(omit(found.ending, 'failedLine'), ending, found.err);
            if (out !== undefined) assert.equal(found.out, out);
            if (err !== undefined) assert.match(found.err, err);
          });
        }

        it('leave nothing when they are cancelled, whatever they ignore', async () => {
          const text =
            'trap "" INT TERM; (trap "" TERM; sleep 1111) & env -i sleep 2222 & echo on; sleep 3333; sleep 4444';
          const { ending } = await harness.on('container:box', { text }, (execution, printed) => {
            void until(() => printed().includes('on'), 20_000).then(() => execution.stop('cancel'));
          });
          assert.equal(ending.reason, 'cancel');
          assert.ok(!(await running(engine, 'box')).some(line => /^sleep \d{4}$/.test(line.trim())));
        });

        it('end by a time-out before they have begun', async () => {
          const { ending } = await harness.on('container:box', { text: 'sleep 1000' }, execution =>
            execution.stop('timeout'),
          );
          assert.equal(ending.reason, 'timeout');
        });

        it('leave what they start in the background until the session ends, and it is listed', async () => {
          const { out } = await harness.on('container:box', { text: 'sleep 5555 & echo begun' });
          assert.equal(out, 'begun\n');
          assert.equal((await harness.on('container:box', { text: 'echo next' })).out, 'next\n');
          const listed = await harness.session.processes();
          assert.deepEqual(
            listed.map(({ command }) => command),
            ['sleep 5555 (container:box)'],
          );
        });

        it('have a terminal, its size and its keys', async () => {
          const { out, ending } = await harness.on(
            'container:box',
            { text: 'stty size; read -r x; echo "got $x"', terminal: { columns: 91, rows: 33 } },
            (execution, printed) => {
              void until(() => printed().includes('33 91'), 20_000).then(() =>
                execution.write(Buffer.from('a key\n')),
              );
            },
          );
          assert.deepEqual(ending, { reason: 'exit', exit: 0 });
          assert.match(out, /^33 91\r\na key\r\ngot a key\r\n$/);
        });

        it('hand on bytes as they are', async () => {
          const { bytes } = await harness.on('container:box', {
            text: "printf '\\000\\377\\033[1m'; head -c 3000000 /dev/zero",
          });
          assert.deepEqual([...bytes.subarray(0, 6)], [0, 255, 27, 91, 49, 109]);
          assert.equal(bytes.length, 3_000_006);
        });

        it('give values to later cells', async () => {
          const path = join(harness.folder, 'given', 'output');
          await harness.on('container:box', {
            text: 'echo "v=1" >>"$HANDRAIL_OUTPUT"',
            env: { HANDRAIL_OUTPUT: path },
          });
          assert.equal(readFileSync(path, 'utf8'), 'v=1\n');
        });

        it('keep secrets out of files, also those of the state', async () => {
          const secrets = new Map([['TOKEN', 'tell-nobody']]);
          await harness.on('container:box', { text: 'URL="u:$TOKEN"; export URL', secrets });
          const { out } = await harness.on('container:box', {
            text: 'echo "$URL ${TOKEN-none}"; grep -rl tell-nobod[y] /tmp /dev/shm 2>/dev/null || :',
          });
          assert.equal(out, 'u:tell-nobody none\n');
          const saved = join(harness.folder, 'saved');
          harness.session.save(saved);
          assert.ok(!readFileSync(saved, 'utf8').includes('tell-nobody'));
        });

        it('go back to a state that was saved', async () => {
          const saved = join(harness.folder, 'before');
          await harness.on('container:box', { text: 'STATE=before; cd /tmp' });
          harness.session.save(saved);
          await harness.on('container:box', { text: 'STATE=after; cd /' });
          await harness.session.restore(saved);
          const { out } = await harness.on('container:box', { text: 'echo $STATE $PWD' });
          assert.equal(out, 'before /tmp\n');
        });

        it('go on with their state after the container was restarted', async () => {
          await harness.on('container:box', { text: 'KEPT=yes' });
          await engine.docker('restart', '-t', '0', 'box');
          assert.equal((await harness.on('container:box', { text: 'echo $KEPT' })).out, 'yes\n');
        });

        it('that run beside others have a copy of the state', async () => {
          await harness.on('container:box', { text: 'SHARED=1' });
          const branch = harness.session.fork();
          const [first, second] = await Promise.all([
            collect(branch, harness, 'SHARED=2; echo $SHARED'),
            harness.on('container:box', { text: 'echo $SHARED' }),
          ]);
          await branch.close();
          assert.deepEqual([first, second.out], ['2\n', '1\n']);
        });

        it('say what became of their container', async () => {
          const { ending } = await harness.on(
            'container:box',
            { text: 'echo on; sleep 1000' },
            (_, printed) => {
              void until(() => printed().includes('on'), 20_000).then(() => engine.docker('kill', 'box'));
            },
          );
          assert.equal(ending.reason, 'lost');
          const hasEnded = /^container box has ended \(exit \d+.*\): docker start /;
          assert.match(ending.message ?? '', hasEnded);
          const next = await harness.on('container:box', { text: 'echo' });
          assert.match(next.ending.message ?? '', hasEnded);
          await engine.docker('start', 'box');
          assert.equal((await harness.on('container:box', { text: 'echo $SHARED' })).out, '1\n');
        });
      });
    }

    it('are told which containers there are', async () => {
      const harness = await openOn(engine);
      const { ending } = await harness.on('container:nobody', { text: 'echo' });
      assert.match(ending.message ?? '', /^There is no container nobody\. There are none\.$/);
      assert.match(
        (await harness.on('compose:shop/api', { text: 'echo' })).ending.message ?? '',
        /^There is no compose project shop: /,
      );
      await harness.close();
    });

    it('get a fresh container of an image, with the runbook’s folder, which goes with the session', async () => {
      const harness = await openOn(engine);
      await writeFile(join(harness.folder, 'beside.txt'), 'found\n');
      const target = 'image:localhost/busybox:1';
      const first = await harness.on(target, { text: 'cat beside.txt; echo made >made.txt; hostname' });
      assert.match(first.out, /^found\n\w+\n$/);
      assert.ok(existsSync(join(harness.folder, 'made.txt')));
      const second = await harness.on(target, { text: 'hostname' });
      assert.equal(second.out, first.out.split('\n')[1] + '\n');
      await harness.close();
      await until(async () => (await engine.docker('ps', '-aq')) === '', 20_000);
    });

    it('say that an image is not there and cannot be pulled', async () => {
      const harness = await openOn(engine);
      const { ending, err } = await harness.on('image:localhost:9/none:1', { text: 'echo' });
      assert.match(err, /image localhost:9\/none:1 is not there: pulling it/);
      assert.match(ending.message ?? '', /^image localhost:9\/none:1 cannot be pulled: ./);
      await harness.close();
    });
  });
}

async function collect(
  session: ContainerHarness['session'],
  { folder }: ContainerHarness,
  text: string,
): Promise<string> {
  let out = '';
  const spec = { language: 'bash', text, file: `${folder}/book.md`, line: 1, env: {}, strict: true };
  const execution = session.run(
    { ...spec, terminal: undefined, target: 'container:box' },
    { write: (_, bytes) => void (out += Buffer.from(bytes).toString()) },
  );
  await execution.ended;
  return out;
}
