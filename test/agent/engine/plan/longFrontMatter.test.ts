import assert from 'node:assert/strict';
import { planRun } from '../../../../agent/engine/plan/planRun';
import { cells, sampleRequest } from '../sampleRequest';

describe('a plan of a runbook with much front matter is made in time:', () => {
  const lines = (count: number, line: (at: number) => string, by = '\n'): string =>
    Array.from({ length: count }, (_, at) => line(at)).join(by);
  const fine = cells({ fine: 'true' });

  const read: readonly (readonly [what: string, text: string])[] = [
    ['YAML', `---\ninputs:\n${lines(9000, at => `  key${at}: value ${at}`)}\n---\n${fine}`],
    ['TOML', `+++\n[inputs]\n${lines(9000, at => `key${at} = "value ${at}"`)}\n+++\n${fine}`],
    ['JSON', `{"inputs": {\n${lines(9000, at => `"key${at}": "value ${at}"`, ',\n')}}}\n${fine}`],
  ];
  for (const [what, text] of read) {
    it(`9,000 inputs in ${what}`, () => {
      const started = performance.now();
      assert.equal(planRun(sampleRequest(text)).inputs.length, 9000);
      // Far more than it takes, and far less than with a look at each key for each key.
      assert.ok(performance.now() - started < 4000);
    });
  }

  const skipped: readonly (readonly [what: string, text: string])[] = [
    ['YAML', `---\n${lines(200_000, at => `k${at}: {a: [1, 2]}`)}\n---\n${fine}`],
    ['TOML', `+++\n${lines(200_000, at => `k${at} = [1, 2]`)}\n+++\n${fine}`],
    ['JSON', `{\n${lines(200_000, at => `"k${at}": [1, 2]`, ',\n')}}\n${fine}`],
  ];
  for (const [what, text] of skipped) {
    it(`4 MB of ${what}: not read, and its cells run`, () => {
      const started = performance.now();
      const { steps, warnings } = planRun(sampleRequest(text));
      assert.ok(performance.now() - started < 2000);
      assert.equal(steps.length, 1);
      assert.match(warnings[0]?.message ?? '', /^Front matter \(\w+\): More than 256 KiB/);
    });
  }
});
