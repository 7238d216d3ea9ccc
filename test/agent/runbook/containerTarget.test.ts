import assert from 'node:assert/strict';
import { parseContainerTarget, writeContainerTarget } from '../../../agent/runbook/containerTarget';

const targets = {
  'container:web': { kind: 'container', name: 'web' },
  'container:build/web': { kind: 'container', on: 'build', name: 'web' },
  'compose:shop/api': { kind: 'compose', project: 'shop', service: 'api' },
  'compose:build/shop/api': { kind: 'compose', on: 'build', project: 'shop', service: 'api' },
  'image:registry.example:5000/team/tool@sha256:0': {
    kind: 'image',
    reference: 'registry.example:5000/team/tool@sha256:0',
  },
} as const;

describe('the target of a cell that is a container', () => {
  for (const [text, target] of Object.entries(targets)) {
    it(`${text} is read and written`, () => {
      assert.deepEqual(parseContainerTarget(text), target);
      assert.equal(writeContainerTarget(target), text);
    });
  }

  for (const text of [
    'local',
    'container:',
    'container:a/b/c',
    'container:/a',
    'compose:shop',
    'compose:a/b/c/d',
    'pod:a/b',
    '',
  ]) {
    it(`${text || 'nothing'} is none`, () => assert.equal(parseContainerTarget(text), undefined));
  }
});
