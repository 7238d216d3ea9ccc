import * as assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Place, runbook } from '../agent/cli/handrail';
import { detach, holds, shown, states } from './scene';

const waits = ': >begun; until [ -e go ]; do sleep 0.02; done';
const book = runbook({
  one: 'x=1; echo one',
  two: waits,
  three: 'echo "three $x"; test -e ok',
  four: 'echo four',
});

describe('fault 12: a runbook changes while it is used', function () {
  this.timeout(40_000);

  const changes: [what: string, change: (path: string) => void][] = [
    ['is deleted', path => rmSync(path)],
    ['is replaced by another', path => writeFileSync(path, runbook({ evil: ': >never' }))],
    [
      'is made invalid',
      path => writeFileSync(path, '---\ninputs: [\n---\n```sh {needs=nothing}\n: >never\n'),
    ],
    ['becomes a folder', path => (rmSync(path), mkdirSync(path))],
  ];
  for (const [what, change] of changes) {
    it(`that ${what} while a run of it goes on: what was planned is run, and nothing else`, async () => {
      await using place = await Place.make({ 'a.md': book, ok: '' });
      const own = place.start(['run', 'a.md']);
      await holds(place, 'begun');
      rmSync(join(place.path, 'begun'));
      const run = await detach(place, 'a.md');
      await holds(place, 'begun');
      change(join(place.path, 'a.md'));
      writeFileSync(join(place.path, 'go'), '');
      const { code, stdout, stderr } = await own.ended;
      assert.deepEqual([code, stdout], [0, 'one\nthree 1\nfour\n'], stderr);
      assert.equal((await place.run(['attach', run])).code, 0);
      assert.deepEqual(states(await shown(place, run)), [
        'one passed',
        'two passed',
        'three passed',
        'four passed',
      ]);
      await assert.rejects(place.read('never'), { code: 'ENOENT' });
      // What is told and gone on with afterwards does not need the file.
      for (const args of [['show', run], ['report', run], ['runs']]) {
        const told = await place.run(args);
        assert.equal(told.code, 0, told.stderr);
      }
      for (const args of [
        ['run', 'a.md', 'three'],
        ['resume', '--all', run],
      ]) {
        const refused = await place.run(args);
        assert.notEqual(refused.code, 0);
        assert.match(refused.stderr, /a\.md|runbook|no cell three/);
        assert.ok(!/^\s+at /m.test(refused.stderr), refused.stderr);
      }
      await assert.rejects(place.read('never'), { code: 'ENOENT' });
    });
  }

  /** What the file is when a run that failed at `three` is resumed; what is then run, or why nothing is. */
  const resumed: [what: string, text: string | undefined, stdout: string, said: RegExp | undefined][] = [
    ['is as it was', book, 'three 1\nfour\n', undefined],
    [
      'has new text and cells around',
      `# New\n\nText.\n\n${book.replace('# A runbook', '# A runbook\n')}\nEnd.\n`,
      'three 1\nfour\n',
      undefined,
    ],
    [
      'has the failed cell mended',
      book.replace('three $x"; test -e ok', 'mended $x"'),
      'mended 1\nfour\n',
      /three has changed/,
    ],
    [
      'has a passed cell edited',
      book.replace('echo one', 'echo never'),
      'three 1\nfour\n',
      /one has changed.*not run again/,
    ],
    [
      'has the failed cell no more',
      book.replace(/```sh \{name=three\}[^]*?```\n/, ''),
      '',
      /three.*not in the runbook any more/,
    ],
    ['is another', runbook({ evil: 'echo never' }), '', /any more/],
    ['is invalid', book.replace('{name=one}', '{name=one needs=nothing}'), '', /nothing/],
    ['is gone', undefined, '', /a\.md/],
  ];
  for (const [what, text, stdout, said] of resumed) {
    it(`that ${what} when its run is resumed`, async () => {
      await using place = await Place.make({ 'a.md': book, go: '' });
      assert.equal((await place.run(['run', 'a.md'])).code, 1);
      writeFileSync(join(place.path, 'ok'), '');
      if (text === undefined) rmSync(join(place.path, 'a.md'));
      else writeFileSync(join(place.path, 'a.md'), text);
      const again = await place.run(['resume', 'last']);
      assert.equal(again.stdout, stdout, again.stderr);
      assert.equal(again.code === 0, stdout !== '', again.stderr);
      if (said) assert.match(again.stderr, said);
    });
  }
});
