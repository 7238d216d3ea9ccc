import * as assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Place, runbook } from '../agent/cli/handrail';
import { waitFor } from '../support/waitFor';
import { connect, detach, filesWith, holds, nothingLeft, printed, shown, states } from './scene';

describe('fault 4: cells that do as they like', function () {
  this.timeout(60_000);

  const unruly: [what: string, text: string, out: string, code: number][] = [
    ['forks and goes away', '(sleep 1000 & setsid sleep 1001 &); echo out; exit 3', 'out\n', 1],
    [
      'becomes a daemon',
      "setsid sh -c 'setsid sleep 1002 & exec sleep 1003' >/dev/null 2>&1 & echo out",
      'out\n',
      0,
    ],
    ['closes its streams and goes on', 'echo out; exec <&- >&- 2>&-; sleep 0.1; exit 4', 'out\n', 1],
    ['does not read its input', 'exec sleep 0.1', '', 0],
    ['reads its input to the end', 'cat; echo out', 'out\n', 0],
    [
      'prints what is no UTF-8',
      "printf 'a\\377\\300\\200b\\355\\240\\200c'",
      'a\xff\xc0\x80b\xed\xa0\x80c',
      0,
    ],
    ['prints half a character and dies', "printf '\\342\\202'; kill -9 $$", '\xe2\x82', 1],
  ];
  for (const [what, text, out, code] of unruly) {
    it(`one that ${what}: its output to the byte, its true end, nothing left`, async () => {
      await using place = await Place.make({ 'a.md': runbook({ one: text }) });
      const child = place.start(['run', 'a.md'], { collect: false });
      const got: Buffer[] = [];
      child.stdout?.on('data', (part: Buffer) => void got.push(part));
      child.stderr?.resume();
      // More than a pipe holds, for those that never read.
      child.stdin?.end('x'.repeat(text.startsWith('cat') ? 0 : 1 << 20));
      assert.equal((await child.ended).code, code);
      assert.equal(Buffer.concat(got).toString('latin1'), out);
      await nothingLeft(place);
      const [step] = (await shown(place)).steps;
      assert.equal(step?.reason, what.endsWith('dies') ? 'signal' : 'exit');
      assert.equal(step?.outputBytes, Buffer.concat(got).length);
    });
  }

  it('one that prints 100 MB without a line end: bounded memory, beginning and end kept, the cut told', async () => {
    const text = 'printf begin; head -c 100000000 /dev/zero | tr "\\0" x; printf end';
    await using place = await Place.make({ 'a.md': runbook({ flood: text }) });
    const agent = await connect(place);
    const run = await detach(place, 'a.md');
    const { steps } = await waitFor(
      'its end',
      async () => {
        const now = await shown(place, run);
        return now.state === 'passed' ? now : undefined;
      },
      30_000,
    );
    const peak = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${agent.agent.pid}/status`, 'utf8'));
    assert.ok(Number(peak?.[1]) < 250_000, `${peak?.[1]} kB`);
    agent.dispose();
    const total = 100_000_000 + 'beginend'.length;
    assert.equal(steps[0]?.outputBytes, total);
    const { stdout, stderr } = await place.run(['show', run, '--output']);
    assert.ok(stdout.startsWith('beginx') && stdout.endsWith('xend'));
    // No pattern for the whole: a regular expression goes back for each of its 60 million characters.
    assert.equal(stdout.slice(5, -3).search(/[^x]/), -1);
    assert.ok(stdout.length >= 60e6 && stdout.length <= 75e6, String(stdout.length));
    assert.ok(stderr.includes(`${total - stdout.length} bytes were not kept`), stderr);
  });

  it('one that prints a secret in pieces and every form, wherever it can: it is in no file, not even meanwhile', async () => {
    const secret = 'Kq7-"wZ_3$v/T2 mB4+x9é';
    const forms = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      ...[0, 1, 2].map(at => {
        const whole = Buffer.from('x'.repeat(at) + secret).toString('base64');
        // What the neighbours have no part in.
        return whole.slice(at === 0 ? 0 : 4, whole.length - 4);
      }),
    ];
    const needles = forms.map(form => Buffer.from(form).toString('latin1'));
    await using place = await Place.make({
      'a.md': `---\nsecrets:\n  TOKEN: env:GIVEN\n  FILE: file:./key\n---\n${runbook({
        'pieces output=PIECES':
          'i=0; while [ $i -lt ${#TOKEN} ]; do printf %s "${TOKEN:$i:1}"; i=$((i + 1)); sleep 0.01; done',
        forms: [
          'for pad in "" x xx; do printf %s "$pad$TOKEN" | base64 -w0; echo; printf %s "$pad$TOKEN" | base64 -w7; done',
          'export COPY="see $TOKEN"; copy=$FILE; f() { echo "$COPY $copy"; }; f; f >&2; echo "token=$PIECES" >>"$HANDRAIL_OUTPUT"',
        ].join('\n'),
        'back background': 'while :; do echo "$TOKEN"; sleep 0.05; done',
        'a parallel=p': 'echo "$TOKEN $token"',
        'b parallel=p retries=1 retry-delay=10ms': 'echo "$TOKEN $COPY" >&2; false "$TOKEN"',
        'last timeout=1h': 'f; : >begun; until [ -e go ]; do sleep 0.02; done; exit 5',
      }).replace('b parallel=p', 'b on-error=continue parallel=p')}`,
      key: secret,
    });
    const place_ = { ...place.env, GIVEN: secret };
    const run = await place.run(['run', '--detach', 'a.md'], { env: place_ });
    assert.equal(run.code, 0, run.stderr);
    const home = place.env['HANDRAIL_HOME'] ?? '';
    await holds(place, 'begun');
    assert.deepEqual(await filesWith(home, needles), []);
    writeFileSync(join(place.path, 'go'), '');
    const followed = await place.run(['attach', run.stdout.trim()]);
    assert.equal(followed.code, 1);
    const { steps, state } = await shown(place);
    assert.deepEqual([state, steps.at(-1)?.exit], ['failed', 5], states(await shown(place)).join());
    assert.match(await printed(place), /see •••/);
    const reports = ['markdown', 'html', 'json', 'junit'].map(format => `${format}=report.${format}`);
    for (const report of reports) {
      const [format = '', path = ''] = report.split('=');
      const { stdout } = await place.run(['report', 'last', '--format', format]);
      assert.ok(stdout.length > 100, format);
      writeFileSync(join(home, path), stdout);
    }
    const again = await place.run(['resume', 'last', '--jsonl'], { env: place_ });
    writeFileSync(join(home, 'printed'), followed.stdout + followed.stderr + again.stdout + again.stderr);
    assert.deepEqual(await filesWith(home, needles), []);
    assert.notDeepEqual(await filesWith(home, ['see \xe2\x80\xa2']), [], 'masked it is there');
  });
});
