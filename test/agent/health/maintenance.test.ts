import assert from 'node:assert/strict';
import { MaintenanceWindow, maintenanceUntil } from '../../../agent/health/maintenance';

describe('maintenance of checks', () => {
  const weekly = { cron: '0 2 * * 0', for: '2h', zone: 'Europe/Berlin' };
  const once = { from: '2026-07-01T02:00', to: '2026-07-01T04:00', zone: 'Europe/Berlin' };
  const rows: [object, at: string, until: string | undefined][] = [
    [once, '2026-07-01T00:00:00Z', '2026-07-01T02:00:00Z'],
    [once, '2026-06-30T23:59:59Z', undefined],
    [once, '2026-07-01T02:00:00Z', undefined],
    [{ from: '2026-07-01T02:00Z', to: '2026-07-01T04:00Z' }, '2026-07-01T03:00:00Z', '2026-07-01T04:00:00Z'],
    [weekly, '2026-11-22T01:30:00Z', '2026-11-22T03:00:00Z'],
    [weekly, '2026-11-22T01:00:00Z', '2026-11-22T03:00:00Z'],
    [weekly, '2026-11-22T03:00:01Z', undefined],
    [weekly, '2026-11-22T00:59:59Z', undefined],
    // In summer clocks are one hour further.
    [weekly, '2026-07-05T00:30:00Z', '2026-07-05T02:00:00Z'],
  ];
  for (const [window, at, until] of rows) {
    it(`${JSON.stringify(window)} at ${at}: ${until ?? 'none'}`, () => {
      const found = maintenanceUntil([MaintenanceWindow.parse(window)], Date.parse(at));
      assert.equal(found, until === undefined ? undefined : Date.parse(until));
    });
  }

  for (const wrong of [
    { cron: 'nope', for: '1h' },
    { from: 'noon', to: '13:00' },
    { ...weekly, zone: 'Mars' },
    {},
  ])
    it(`${JSON.stringify(wrong)} is none`, () => {
      assert.equal(MaintenanceWindow.safeParse(wrong).success, false);
    });
});
