import * as assert from 'node:assert/strict';
import { Place, runbook } from './handrail';
import { Sitting } from './sitting';

const ctrlC = '\u0003';

describe('handrail in a terminal', () => {
  it('gives cells a terminal of the same size, and keys', async () => {
    const talk = 'test -t 0 && test -t 1 && stty size\nread -rp "name? " name\necho "hello $name"';
    await using place = await Place.make({ 'a.md': runbook({ a: talk }) });
    using sitting = new Sitting(place, 'handrail run a.md', [99, 33]);
    await sitting.sees('33 99');
    await sitting.sees('name? ');
    sitting.type('ana\r');
    await sitting.sees('hello ana');
    assert.equal(await sitting.ended, 0);
    assert.match(sitting.screen, /✓ a {2}\d/);
  });

  it('tells a cell when the terminal changes its size', async () => {
    const watch = 'trap "stty size" WINCH\necho ready\nuntil [ -e stop ]; do sleep 0.05; done';
    await using place = await Place.make({ 'a.md': runbook({ a: watch }) });
    using sitting = new Sitting(place, 'handrail run a.md');
    await sitting.sees('ready');
    sitting.resize(123, 45);
    await sitting.sees('45 123');
    sitting.type(ctrlC);
    assert.equal(await sitting.ended, 130);
  });

  it('gives keys and its size to a step of the agent that it follows, and leaves at Ctrl-C', async () => {
    const talk =
      'read -rp "name? " name\necho "hello $name"; stty size\nuntil [ -e stop ]; do sleep 0.05; done';
    await using place = await Place.make({ 'a.md': runbook({ 'a tty=always': talk }) });
    await place.run(['run', '-q', '--detach', 'a.md']);
    using sitting = new Sitting(place, 'handrail attach last', [99, 33]);
    await sitting.sees('name? ');
    sitting.type('ana\r');
    await sitting.sees('hello ana');
    await sitting.sees('33 99');
    sitting.type(ctrlC);
    assert.equal(await sitting.ended, 130);
    assert.match(sitting.screen, /no longer followed; the run goes on\. To end it: handrail cancel last/);
    const runs = JSON.parse((await place.run(['runs', '--json'])).stdout) as { state: string }[];
    assert.equal(runs[0]?.state, 'running');
    await place.run(['cancel', 'last']);
  });

  it('cancels at Ctrl-C and gives the terminal back as it was', async () => {
    await using place = await Place.make({
      'a.md': runbook({ a: 'echo ready; sleep 300', b: 'echo never' }),
    });
    using sitting = new Sitting(
      place,
      'before=$(stty -g); handrail run a.md; echo "code $?"; [ "$before" = "$(stty -g)" ] && echo same',
    );
    await sitting.sees('ready\r');
    sitting.type(ctrlC);
    await sitting.sees('code 130');
    await sitting.sees('same');
    await sitting.ended;
    assert.match(sitting.screen, /cancelled by you at step 1 of 2/);
    assert.doesNotMatch(sitting.screen, /^never/m);
  });

  it('kills at the second Ctrl-C', async () => {
    const deaf = `trap '' INT TERM; echo ready; for i in $(seq 600); do sleep 0.1; done`;
    await using place = await Place.make({ 'a.md': runbook({ a: deaf }) });
    using sitting = new Sitting(place, 'handrail run a.md');
    await sitting.sees('ready\r');
    sitting.type(ctrlC);
    await sitting.sees('Ctrl-C again to kill');
    // What follows at once counts as the same press: only time tells them apart.
    await new Promise(resolve => setTimeout(resolve, 150));
    sitting.type(ctrlC);
    const began = Date.now();
    assert.equal(await sitting.ended, 130);
    assert.ok(Date.now() - began < 3000);
  });

  it('gives the terminal back when it is ended by SIGTERM', async () => {
    await using place = await Place.make({
      'a.md': runbook({ a: 'echo "$PPID" > pid; echo ready; sleep 300' }),
    });
    using sitting = new Sitting(place, 'handrail run a.md; echo "code $?"; stty -a');
    await sitting.sees('ready\r');
    process.kill(Number(await place.read('pid')), 'SIGTERM');
    await sitting.sees('code 143');
    await sitting.ended;
    assert.match(sitting.screen, / icanon /);
    assert.match(sitting.screen, / echo /);
  });

  for (const [answer, code, said] of [
    ['y\r', 0, '✓ a'],
    ['\r', 130, 'cancelled by you at step 1 of 1'],
    ['no\r', 130, 'cancelled by you at step 1 of 1'],
    [ctrlC, 130, 'cancelled by you at step 1 of 1'],
  ] as const) {
    it(`asks for approval; ${JSON.stringify(answer)} exits with ${code}`, async () => {
      await using place = await Place.make({ 'a.md': runbook({ 'a confirm="Restart api?"': 'echo done' }) });
      using sitting = new Sitting(place, 'handrail run a.md');
      await sitting.sees('Restart api? (local, effect=change) [y/N] ');
      sitting.type(answer);
      assert.equal(await sitting.ended, code);
      assert.match(sitting.screen, new RegExp(said));
    });
  }

  it('gives cells that run at the same time no keyboard, and names their lines', async () => {
    const talk = 'test -t 0 && echo keyboard || echo none; read -r x || echo "nobody answers"';
    await using place = await Place.make({
      'a.md': runbook({ 'a parallel=g': talk, 'b parallel=g': talk, c: 'test -t 0 && echo keyboard again' }),
    });
    using sitting = new Sitting(place, 'handrail run a.md');
    assert.equal(await sitting.ended, 0, sitting.screen);
    for (const name of ['a', 'b']) {
      assert.match(sitting.screen, new RegExp(`^(${name} \\| )?none\r$`, 'm'));
      assert.match(sitting.screen, new RegExp(`^(${name} \\| )?nobody answers\r$`, 'm'));
    }
    assert.match(sitting.screen, /^keyboard again\r$/m);
  });

  it('asks on the terminal itself when the runbook comes through a pipe', async () => {
    await using place = await Place.make({ 'a.md': runbook({ 'a confirm="Restart api?"': 'echo did it' }) });
    using sitting = new Sitting(place, 'cat a.md | handrail run -');
    await sitting.sees('Restart api? (local, effect=change) [y/N] ');
    sitting.type('y\r');
    assert.equal(await sitting.ended, 0);
    assert.match(sitting.screen, /did it/);
  });

  it('lets choose a runbook when none is named, those that were written to be run first', async () => {
    const files = {
      'a.md': runbook({ a: 'echo this is a' }),
      'z.runbook.md': runbook({ z: 'echo this is z' }),
    };
    await using place = await Place.make({ ...files, 'text.md': '# no cells' });
    using sitting = new Sitting(place, 'handrail run');
    await sitting.sees('Run which one? ');
    assert.match(sitting.screen, /1 {2}z\.runbook\.md\r\n {2}2 {2}a\.md\r\n/);
    sitting.type('1\r');
    assert.equal(await sitting.ended, 0);
    assert.match(sitting.screen, /this is z/);
  });

  it('uses pipes where the output goes elsewhere', async () => {
    await using place = await Place.make({ 'a.md': runbook({ a: 'test -t 1 && echo tty || echo pipe' }) });
    using sitting = new Sitting(place, 'handrail run a.md | cat');
    assert.equal(await sitting.ended, 0);
    assert.match(sitting.screen, /^pipe\r$/m);
  });
});
