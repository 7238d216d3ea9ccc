import assert from 'node:assert/strict';
import { exportName } from '../../../agent/server/exportName';
import { someRun, someStep } from '../../support/someRuns';

const run = { ...someRun, textHash: '', cwd: '/', host: 'here', steps: [] };

describe('exportName', () => {
  const startedAt = new Date(2026, 10, 22, 21, 29, 5).getTime();
  const cases: readonly (readonly [string, string, string])[] = [
    ['long', '/home/ana/restart-api.runbook.md', 'long (restart-api 21.29.05)'],
    ['größe prüfen', '/a/b.md', 'größe prüfen (b 21.29.05)'],
    ['../../etc/passwd', '/a/b.md', '..-..-etc-passwd (b 21.29.05)'],
    ['a:b\n"c"', '/a/<b>.md', 'a-b-c- (-b- 21.29.05)'],
    ['x'.repeat(99), `/a/${'y'.repeat(99)}.md`, `${'x'.repeat(40)} (${'y'.repeat(30)} 21.29.05)`],
  ];
  for (const [name, file, expected] of cases) {
    it(expected, () =>
      assert.equal(exportName({ ...someStep, name, startedAt }, { ...run, file }), expected),
    );
  }

  it('takes the time of the run where the step has none', () =>
    assert.equal(exportName(someStep, { ...run, startedAt }), 'drain (deploy-shop 21.29.05)'));
});
