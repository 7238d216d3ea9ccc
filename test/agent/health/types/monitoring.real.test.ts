import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../support/freePort';
import { startServer } from '../../../support/loopbackServer';
import { alertmanagerServer, prometheusServer } from '../../../support/programs';
import { needs, provide, type RealSystem } from '../../../support/realSystem';
import { temporaryFolder } from '../../../support/temporaryFolder';
import { waitFor } from '../../../support/waitFor';
import { probe } from './probing';

describe('a check of type prometheus', function () {
  this.timeout(120_000);
  const undo = new AsyncDisposableStack();
  let url: string;
  before(needs(prometheusServer));
  before(async () => {
    const { path } = undo.use(await temporaryFolder('prometheus'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    const scrape = {
      job_name: 'self',
      scrape_interval: '1s',
      static_configs: [{ targets: [`127.0.0.1:${port}`] }],
    };
    await writeFile(join(path, 'config.yml'), JSON.stringify({ scrape_configs: [scrape] }));
    const options = [
      `--config.file=${path}/config.yml`,
      `--storage.tsdb.path=${path}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    await start(undo, prometheusServer, options);
    await waitFor(
      'a first scrape',
      async () => ((await look('up')).state === 'up' ? true : undefined),
      60_000,
    );
  });
  after(() => undo.disposeAsync());
  const look = (query: string, up?: string) => probe({ type: 'prometheus', url, query, ...(up && { up }) });

  const rows: [string, string, string | undefined, string, RegExp][] = [
    ['there is a sample', 'up == 1', undefined, 'up', /^$/],
    ['the value fits', 'up{job="self"}', 'value == 1', 'up', /^$/],
    ['labels fit', 'up', 'samples[0].labels.job == "self" && samples[0].value == 1.0', 'up', /^$/],
    ['it is a number', 'scalar(vector(2.5))', 'value > 2', 'up', /^$/],
    ['it is infinite', 'vector(1)/0', 'value > 1000', 'up', /^$/],
    ['the value does not fit', 'up', 'value > 1', 'down', /^value was 1, wanted more than 1$/],
    ['there is no sample', 'nothing_of_that_name', undefined, 'down', /^count was 0, wanted more than 0$/],
    [
      'there is no value',
      'nothing_of_that_name',
      'value < 5',
      'down',
      /^there is no value: the query gave none, or several$/,
    ],
    ['the query is none', 'up{', undefined, 'down', /parse error/],
  ];
  for (const [what, query, up, state, message] of rows) {
    it(`is ${state} where ${what}`, async () => {
      const found = await look(query, up);
      assert.equal(found.state, state, found.message);
      assert.match(found.message, message);
    });
  }

  it('is down where something else answers, and unknown where it may not ask', async () => {
    await using other = await startServer((_, response) => response.end('<html>'));
    const wrong = await probe({ type: 'prometheus', url: other.address, query: 'up' });
    assert.deepEqual(
      [wrong.state, /answers 200, and not as was expected/.test(wrong.message)],
      ['down', true],
    );
    await using closed = await startServer((_, response) => response.writeHead(401).end());
    const refused = await probe({ type: 'prometheus', url: closed.address, query: 'up' });
    assert.deepEqual([refused.state, /not permitted \(401\)/.test(refused.message)], ['unknown', true]);
  });
});

describe('a check of type alertmanager', function () {
  this.timeout(120_000);
  const undo = new AsyncDisposableStack();
  let url: string;
  before(needs(alertmanagerServer));
  before(async () => {
    const { path } = undo.use(await temporaryFolder('alertmanager'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}/`;
    await writeFile(
      join(path, 'config.yml'),
      JSON.stringify({ route: { receiver: 'none' }, receivers: [{ name: 'none' }] }),
    );
    const options = [
      `--config.file=${path}/config.yml`,
      `--storage.path=${path}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    await start(undo, alertmanagerServer, options);
    await waitFor('Alertmanager', async () => ((await look()).state === 'up' ? true : undefined), 60_000);
  });
  after(() => undo.disposeAsync());
  const look = (more: object = {}) => probe({ type: 'alertmanager', url, ...more });
  const fire = (labels: Record<string, string>, annotations: Record<string, string>, endsAt?: string) =>
    fetch(`${url}api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ labels, annotations, ...(endsAt && { endsAt }) }]),
    });

  it('is up while nothing fires, and down while something does, with its runbook', async () => {
    const labels = { alertname: 'ApiDown', severity: 'critical' };
    await fire(labels, { summary: 'the API is down', runbook_url: 'https://example.org/api.md' });
    const found = await waitFor('the alert', async () => {
      const now = await look();
      return now.state === 'down' ? now : undefined;
    });
    assert.equal(found.message, 'count was 1, wanted 0');
    const [alert] = found.values['alerts'] as Record<string, unknown>[];
    assert.deepEqual(
      [alert?.['name'], alert?.['summary'], alert?.['runbook'], alert?.['labels']],
      ['ApiDown', 'the API is down', 'https://example.org/api.md', labels],
    );
    assert.equal((await look({ matchers: ['severity="warning"'] })).state, 'up');
    assert.equal(
      (await look({ matchers: ['severity=~"crit.*"'], up: '!("ApiDown" in names)' })).state,
      'down',
    );
    await fire(labels, {}, new Date().toISOString());
    await waitFor('the alert to end', async () => ((await look()).state === 'up' ? true : undefined), 30_000);
  });

  it('is down where a matcher is none', async () => {
    assert.equal((await look({ matchers: ['severity'] })).state, 'down');
  });
});

async function start(undo: AsyncDisposableStack, system: RealSystem, options: string[]): Promise<void> {
  const child = spawn(await provide(system), options, { stdio: 'ignore' });
  undo.defer(async () => {
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  });
}
