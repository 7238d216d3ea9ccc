import * as assert from 'node:assert/strict';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startServer } from '../../support/loopbackServer';
import { Place } from './handrail';

const well = '- {name: well, type: command, command: exit 0, tags: [a]}';
const ill = '- {name: ill, type: command, command: exit 4, runbook: "mend.runbook.md#restart"}';
const slow = '- {name: slow, type: command, command: exit 0, degraded: exit == 0}';
const strange = '- {name: strange, type: command, command: [no-such-program]}';
const file = (...checks: string[]): string => `checks:\n${checks.map(check => `  ${check}\n`).join('')}`;

describe('handrail check', function () {
  this.timeout(60_000);

  const rows: [string, Record<string, string>, string[], number, RegExp, RegExp][] = [
    ['all are up', { 'a.health.yaml': file(well) }, [], 0, /^✓ well {2}up {2}exit 0 {2}\d/, /^$/],
    [
      'one is down, with the runbook',
      { 'a.health.yaml': file(well, ill) },
      [],
      1,
      /^✗ ill {3}down {2}exit was 4, wanted 0 {2}→ mend\.runbook\.md#restart\n✓ well .*\n\n2 checks: 1 down, 1 up\n$/,
      /^$/,
    ],
    ['one is degraded', { 'a.health.yaml': file(slow) }, [], 0, /^! slow {2}degraded {2}exit was 0\n$/, /^$/],
    ['one is degraded and that counts', { 'a.health.yaml': file(slow) }, ['--strict'], 1, /degraded/, /^$/],
    [
      'one cannot be told',
      { 'a.health.yaml': file(strange) },
      [],
      0,
      /^\? strange {2}unknown {2}no-such-program is not installed/,
      /^$/,
    ],
    [
      'one cannot be told and that counts',
      { 'a.health.yaml': file(strange) },
      ['--strict'],
      1,
      /unknown/,
      /^$/,
    ],
    [
      'a file is invalid, and the others are looked at',
      { 'a.health.yaml': file('- {name: x, type: commnd}'), 'b.health.yml': file(well) },
      [],
      2,
      /^✓ well/,
      /^a\.health\.yaml:2:15: There is no type of check "commnd"\. Did you mean `command`\?\n$/,
    ],
    ['only some are asked for', { 'a.health.yaml': file(well, ill) }, ['--tag', 'a'], 0, /^✓ well/, /^$/],
    ['a file is named', { 'a.yaml': file(well), 'b.health.yaml': file(ill) }, ['a.yaml'], 0, /^✓ well/, /^$/],
    ['there is none', {}, [], 2, /^$/, /there is no check in this folder: they stand in \*\.health\.yaml/],
    ['none has the tag', { 'a.health.yaml': file(well) }, ['--tag', 'z'], 2, /^$/, /no check has the tag z/],
    ['the file is not there', {}, ['x.health.yaml'], 2, /^$/, /x\.health\.yaml is not there/],
  ];
  for (const [what, files, args, code, stdout, stderr] of rows) {
    it(`ends with ${code} where ${what}`, async () => {
      await using place = await Place.make(files);
      const ended = await place.run(['check', ...args]);
      assert.equal(ended.code, code, ended.stdout + ended.stderr);
      assert.match(ended.stdout, stdout);
      assert.match(ended.stderr, stderr);
    });
  }

  it('prints what programs read', async () => {
    await using server = await startServer((_, response) => response.writeHead(503).end('{"ok": false}'));
    await using place = await Place.make({
      'a.health.yaml': file(
        `- {name: 'api "1"', group: shop, type: http, url: "${server.address}", up: status == 200}`,
      ),
    });
    const { stdout, code } = await place.run(['check', '--json']);
    const [found] = JSON.parse(stdout) as Record<string, unknown>[];
    assert.equal(code, 1);
    assert.deepEqual(Object.keys(found ?? {}), ['name', 'type', 'state', 'ms', 'message', 'values']);
    assert.deepEqual(
      [found?.['name'], found?.['type'], found?.['state'], found?.['message']],
      ['api "1"', 'http', 'down', 'status was 503, wanted 200'],
    );
    const metrics = (await place.run(['check', '--prometheus'])).stdout;
    assert.match(metrics, /^handrail_check_up\{name="api \\"1\\"",type="http",group="shop"\} 0$/m);
    assert.match(metrics, /^handrail_check_duration_seconds\{.*\} 0\.\d+$/m);
  });

  it('looks at many at the same time', async () => {
    const many = Array.from({ length: 30 }, (_, at) => `- {name: c${at}, type: command, command: sleep 1}`);
    await using place = await Place.make({ 'a.health.yaml': file(...many) });
    const begun = Date.now();
    const { code, stdout } = await place.run(['check', '-q']);
    assert.deepEqual([code, stdout], [0, '\n30 checks: 30 up\n']);
    assert.ok(Date.now() - begun < 20_000);
  });

  it('goes on and tells of changes, until it is interrupted', async () => {
    const check = '- {name: mark, type: file, path: mark, every: 100ms, failures: 1}';
    await using place = await Place.make({ 'a.health.yaml': file(check) });
    const child = place.start(['check', '--watch'], { collect: false });
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => String((await lines.next()).value);
    assert.match(await next(), /^\d\d:\d\d:\d\d ✗ mark down {2}exists was false$/);
    await writeFile(join(place.path, 'mark'), '');
    assert.match(await next(), /✓ mark up, was down for \d/);
    await rm(join(place.path, 'mark'));
    assert.match(await next(), /✗ mark down, was up for \d.* exists was false$/);
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [130, null]);
  });
});
