import assert from 'node:assert/strict';
import type { CheckHistory } from '../../../../agent/protocol/checkHistory';
import { pastLines, shareText } from '../../../../extension/views/health/pastWords';

describe('the past of a check in words', () => {
  const now = 10 * 86_400_000;
  const gap = { down: 0, gap: 0 };
  const history: CheckHistory = {
    ...{ from: 0, to: now, width: 1, points: [], percentiles: {}, incidents: [], isCut: false },
    uptime: { day: gap, week: gap, month: gap },
  };

  it('is none where nothing was watched', () => assert.deepEqual(pastLines(history, now), []));

  it('tells uptime, how long it took, and when it was down', () => {
    const lines = pastLines(
      {
        ...history,
        uptime: { day: { ...gap, up: 1 }, week: { ...gap, up: 0.99999 }, month: gap },
        percentiles: { p50: 12.4, p95: 80, p99: 120 },
        incidents: [
          { from: now - 180_000, message: 'connection refused' },
          { from: now - 7_200_000, to: now - 7_080_000, message: '' },
        ],
        unrecorded: 'the disk is full',
      },
      now,
    );
    assert.deepEqual(lines, [
      'up 100 % in 24 h · 99.99 % in 7 d',
      'took p50 12 ms · p95 80 ms · p99 120 ms',
      'down since 3 min: connection refused',
      'down for 2 min, 2 h ago',
      'not recorded now: the disk is full',
    ]);
  });

  it('never says all where it was less', () => assert.equal(shareText(0.999999), '99.99 %'));
});
