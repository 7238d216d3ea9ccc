import assert from 'node:assert/strict';
import { decodeRelease } from '../../../../agent/clusters/helm/decodeRelease';
import { maskedText, merged } from '../../../../agent/clusters/helm/readRelease';
import type { ReleasePart } from '../../../../agent/protocol/clusterHelm';
import { packed, someRelease } from '../../../support/kubernetes/helmRecord';

describe('what is shown of a release', () => {
  const shown = async (part: ReleasePart, more: object = {}) =>
    maskedText(await decodeRelease(packed({ ...someRelease(), ...more })), part);

  it('has no secret in its values', async () => {
    assert.equal(
      await shown('values'),
      `image:
  tag: "3.1"
debug: null
auth:
  password: "***"
database: postgres://shop:***@db/shop
env:
  - name: API_TOKEN
    value: "***"
pullSecrets:
  - name: registry
`,
    );
  });

  it('has the values of the chart below those that were given', async () => {
    const text = await shown('allValues');
    assert.match(
      text,
      /^replicas: 1\nimage:\n {2}repository: shop\n {2}tag: "3.1"\nauth:\n {2}user: admin\n/,
    );
    assert.match(text, /password: "\*\*\*"/);
    assert.match(text, /existingSecret: ""/);
  });

  it('has no secret in its manifest, of which the rest stays as it is written', async () => {
    const text = await shown('manifest');
    assert.match(
      text,
      /kind: Secret\nmetadata:\n {2}name: web\ndata:\n {2}password: "\*\*\*"\n {2}other: "\*\*\*"\n/,
    );
    assert.ok(text.includes('  name:   web   # odd but his\ndata:\n  url: "postgres://shop:***@db/shop"\n'));
    assert.ok(text.includes('# Source: shop/templates/deployment.yaml'));
    assert.ok(text.includes('--key=***'));
    assert.ok(text.includes('/run/secrets/password'));
    assert.ok(!/token-of-env|only-in-the-secret|hunter2|pässword/.test(text));
  });

  it('has no secret in its notes', async () => {
    assert.equal(await shown('notes'), 'Log in as ana with ***.\n');
  });

  it('leaves out what cannot be read, since there may be one in it', async () => {
    const text = await shown('manifest', {
      manifest: 'kind: ConfigMap\n---\nkind: Secret\ndata: {a: [\n---\na: 1\n',
    });
    assert.equal(text, 'kind: ConfigMap\n---\n# not shown: it is no valid YAML\n---\na: 1\n');
  });

  it('is nothing where there is nothing', async () => {
    const nothing = { config: undefined, chart: null, manifest: '', info: { status: 'failed' } };
    assert.deepEqual(
      await Promise.all([shown('values', nothing), shown('manifest', nothing), shown('notes', nothing)]),
      [...['{}\n', '', '']],
    );
  });

  it('merges values as Helm does', () => {
    const below = { a: { b: 1, c: 2 }, list: [1, 2], gone: { x: 1 } };
    const above = { a: { b: 3 }, list: [3], gone: null, more: true };
    assert.deepEqual(merged(below, above), { a: { b: 3, c: 2 }, list: [3], more: true });
  });
});
