import * as assert from 'node:assert/strict';
import type { CheckResult, CheckSpec } from '../../../agent/health/checkSpec';
import { advance, newStatus, nextProbe } from '../../../agent/health/checkStatus';

/** One letter for each result: up, degraded, down, unknown (?). */
const results: Record<string, CheckResult['state']> = { u: 'up', g: 'degraded', d: 'down', '?': 'unknown' };
const letters = { pending: 'p', up: 'u', degraded: 'g', down: 'd', unknown: '?' };

describe('the state of a check', () => {
  const rows: [thresholds: string, results: string, states: string][] = [
    ['3 failures', 'u', 'u'],
    ['3 failures', 'dd', 'pp'],
    ['3 failures', 'ddd', 'ppd'],
    ['3 failures', 'uddud', 'uuuuu'],
    ['3 failures', 'udddd', 'uuudd'],
    ['1 failure', 'udu', 'udu'],
    ['3 failures', 'ugu', 'ugu'],
    ['3 failures', 'u??', 'uuu'],
    ['3 failures', 'u???u', 'uuu?u'],
    ['3 failures', 'dd?', 'pp?'],
    ['1 failure', 'd?d', 'd?d'],
    ['1 failure, 2 successes', 'udud', 'uddd'],
    ['1 failure, 2 successes', 'uduu', 'uddu'],
    ['1 failure, 2 successes', 'udgg', 'uddg'],
    ['1 failure, 2 successes', 'u', 'u'],
  ];
  for (const [thresholds, given, wanted] of rows) {
    it(`with ${thresholds} is ${wanted} after ${given}`, () => {
      const [failures = 1, successes = 1] = (thresholds.match(/\d/g) ?? []).map(Number);
      let status = newStatus(0);
      const states = [...given].map((letter, at) => {
        status = advance(status, result(results[letter] ?? 'up'), { failures, successes }, at + 1);
        return letters[status.state];
      });
      assert.equal(states.join(''), wanted);
    });
  }

  it('is told since when, not since the last probe', () => {
    const limits = { failures: 1, successes: 1 };
    let status = advance(newStatus(0), result('up'), limits, 10);
    status = advance(status, result('up'), limits, 20);
    assert.equal(status.since, 10);
    assert.equal(advance(status, result('down'), limits, 30).since, 30);
  });

  it('is looked at again soon while a change is in the air', () => {
    const check = { every: 60_000, failures: 2, successes: 2 } as CheckSpec;
    const after = (...states: CheckResult['state'][]): number =>
      nextProbe(
        states.reduce((status, state) => advance(status, result(state), check, 1), newStatus(0)),
        check,
      );
    assert.deepEqual(
      [after('up'), after('down'), after('up', 'down'), after('down', 'down'), after('down', 'down', 'up')],
      [60_000, 10_000, 10_000, 60_000, 10_000],
    );
    assert.equal(nextProbe(advance(newStatus(0), result('down'), check, 1), { ...check, every: 500 }), 500);
  });
});

function result(state: CheckResult['state']): CheckResult {
  return { state, ms: 1, message: '', values: {} };
}
