import assert from 'node:assert/strict';
import type { Stats } from '../../../../agent/protocol/containers';
import { sparkline } from '../../../../extension/views/containers/sparkline';
import { StatsHistory } from '../../../../extension/views/containers/statsHistory';
import { containerTooltip, plainTooltip } from '../../../../extension/views/containers/tooltips';
import { aContainer } from '../../../support/someContainers';

function sample(time: number, more: Partial<Stats> = {}): Stats {
  return {
    id: 'a',
    time,
    cpu: 1,
    memory: 10,
    memoryLimit: 100,
    received: 0,
    sent: 0,
    read: 0,
    written: 0,
    ...more,
  };
}

describe('usage of containers', () => {
  it('makes rates of what is counted since the start', () => {
    const history = new StatsHistory();
    history.take('e', [sample(1000), sample(2000, { received: 100, sent: 50, read: 10 })]);
    history.take('e', [sample(4000, { received: 300, sent: 50, written: 20 })]);
    const usage = history.usage('e', 'a');
    assert.deepEqual(usage?.network, [150, 100]);
    assert.deepEqual(usage.disk, [10, 5]);
    assert.equal(usage.latest.time, 4000);
  });

  it('is no negative rate after a restart, and no sample twice', () => {
    const history = new StatsHistory();
    history.take('e', [sample(1000, { received: 900 }), sample(2000, { received: 5 }), sample(2000)]);
    assert.deepEqual(history.usage('e', 'a')?.network, [0]);
  });

  it('keeps a minute, of what is looked at', () => {
    const history = new StatsHistory();
    for (let second = 1; second <= 100; second++)
      history.take('e', [sample(second * 1000), sample(second * 1000, { id: 'b' })]);
    assert.equal(history.usage('e', 'a')?.cpu.length, 60);
    history.keepOnly('e', ['b']);
    assert.equal(history.usage('e', 'a'), undefined);
    assert.equal(history.usage('e', 'b')?.cpu.length, 60);
  });

  it('is drawn from zero to the highest', () => {
    assert.equal(sparkline([1]), '');
    const svg = Buffer.from(sparkline([0, 5, 10]).replace(/^.*,/, ''), 'base64').toString();
    assert.match(svg, /points="0.0,19.0 60.0,10.0 120.0,1.0"/);
    assert.ok(
      !Buffer.from(sparkline([0, 0]).replace(/^.*,/, ''), 'base64')
        .toString()
        .includes('NaN'),
    );
  });
});

describe('tooltips', () => {
  const hostile = '[x](command:evil) | ![y](http://evil/y.png) <img src=z> `$(bug)`\n# head';

  it('show what an engine says as it stands', () => {
    const text = containerTooltip(
      aContainer('a', { image: hostile, command: hostile, project: hostile }),
      undefined,
      0,
    );
    assert.ok(!/(?<!\\)\]\(/.test(text), text);
    assert.ok(!/(?<!\\)</.test(text));
    assert.ok(!/(?<!\\)\$\(/.test(text));
    const rows = text.split('\n').filter(line => line.startsWith('| image'));
    assert.equal(rows.length, 1);
    assert.equal([...rows[0]!.matchAll(/(?<!\\)\|/g)].length, 3, rows[0]);
    assert.ok(!plainTooltip([hostile]).includes('](command'));
  });

  it('show usage with curves', () => {
    const history = new StatsHistory();
    history.take('e', [sample(1000), sample(2000, { memory: 50 })]);
    const text = containerTooltip(aContainer('a'), history.usage('e', 'a'), 0);
    assert.match(text, /\| CPU \| 1\.0 % \| !\[CPU over the last 2 samples\]\(data:image\/svg\+xml;base64,/);
    assert.match(text, /\| memory \| 50 B of 100 B \|/);
  });
});
