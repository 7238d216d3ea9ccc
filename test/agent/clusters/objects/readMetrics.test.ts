import assert from 'node:assert/strict';
import { quantity } from '../../../../agent/clusters/objects/readMetrics';

describe('quantities of Kubernetes', () => {
  for (const [text, value] of [
    ['0', 0],
    ['2', 2],
    ['250m', 0.25],
    ['1500000n', 0.0015],
    ['12u', 0.000012],
    ['64Ki', 65_536],
    ['1.5Gi', 1_610_612_736],
    ['3M', 3_000_000],
    ['1e3', 1000],
    ['', 0],
    ['much', 0],
    ['3Xi', 0],
  ] as const)
    it(`reads ${text || 'nothing'}`, () => assert.ok(Math.abs(quantity(text) - value) < 1e-12));
});
