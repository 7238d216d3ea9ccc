import assert from 'node:assert/strict';
import { constants, gzipSync } from 'node:zlib';
import { decodeRelease } from '../../../../agent/clusters/helm/decodeRelease';
import { packed, someRelease } from '../../../support/kubernetes/helmRecord';

describe("a record of Helm's", () => {
  it('is read as it is written', async () => {
    const { info, chart, manifest } = await decodeRelease(packed(someRelease()));
    assert.equal(info.status, 'deployed');
    assert.deepEqual(chart.metadata, { name: 'shop', version: '1.4.2', appVersion: '3.1' });
    assert.equal(manifest, someRelease().manifest);
  });

  it('of old is not packed', async () => {
    const json = Buffer.from(JSON.stringify(someRelease())).toString('base64');
    assert.equal((await decodeRelease(json)).chart.metadata.name, 'shop');
  });

  for (const [what, release] of [
    ['of nothing', {}],
    ['without a chart', { ...someRelease(), chart: null }],
    ['with other types', { info: 3, chart: { metadata: [], values: 'x' }, config: [1], manifest: { a: 1 } }],
  ] as const)
    it(`${what} says as much as it has`, async () => {
      const read = await decodeRelease(packed(release));
      assert.equal(read.chart.metadata.name, '');
      assert.deepEqual(read.chart.values, {});
    });

  const bomb = gzipSync(Buffer.alloc(33 * 2 ** 20, ' '), { level: constants.Z_BEST_COMPRESSION });
  for (const [what, record, why] of [
    ['that unpacks without end', bomb.toString('base64'), /it unpacks to more than 32 MiB/],
    ['that is cut', packed(someRelease()).slice(0, 200), /it cannot be unpacked/],
    ['that is empty', '', /it is empty/],
    ['of other text', Buffer.from('<html>').toString('base64'), /it is no JSON object/],
    ['of null', packed(null), /it is no JSON object/],
  ] as const)
    it(`${what} is refused`, () =>
      assert.rejects(decodeRelease(record), error => {
        assert.match(String(error), why);
        return (error as { code?: string }).code === 'invalidState';
      }));
});
