import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { junitReport } from '../../../agent/report/junitReport';
import { hostile, sampleReport, sampleStep } from './sampleReport';

/** Python's own parser: strict XML, and on every machine that builds. */
const reader = `
import sys, json, xml.etree.ElementTree as E
root = E.fromstring(sys.stdin.buffer.read())
suite = root[0]
print(json.dumps({'suite': suite.attrib, 'cases': [{**c.attrib, 'parts': [[p.tag, p.attrib.get('message'), p.text] for p in c]} for c in suite]}))
`;

interface Suite {
  suite: Record<string, string>;
  cases: (Record<string, unknown> & { parts: [string, string | null, string | null][] })[];
}

function parse(xml: string): Suite {
  return JSON.parse(execFileSync('python3', ['-c', reader], { input: xml, encoding: 'utf8' })) as Suite;
}

describe('The JUnit report', () => {
  it('counts and names what a CI system shows', () => {
    const { suite, cases } = parse(junitReport(sampleReport()));
    assert.deepEqual(
      {
        tests: suite.tests,
        failures: suite.failures,
        errors: suite.errors,
        skipped: suite.skipped,
        time: suite.time,
      },
      { tests: '4', failures: '1', errors: '0', skipped: '1', time: '64.000' },
    );
    assert.deepEqual(
      cases.map(({ name }) => name),
      ['find-pods', 'drain', 'restart', 'smoke-test'],
    );
    assert.deepEqual(
      cases[2]?.parts.map(([tag, message]) => [tag, message]),
      [
        ['failure', 'exit 7: no such release: api-2'],
        ['system-out', null],
      ],
    );
    assert.equal(cases[2]?.line, '41');
  });

  it('is XML whatever a step is called, says or prints', () => {
    const steps = [sampleStep(0, { name: hostile, state: 'failed', message: hostile })];
    const report = {
      ...sampleReport({ steps, title: hostile }),
      outputs: new Map([[0, { text: hostile, cut: false }]]),
    };
    const { cases } = parse(junitReport(report));
    const [, , printed] = cases[0]?.parts[1] ?? [];
    assert.ok(printed?.startsWith('<script>alert(1)</script> ]]> "q" \'s\' ::error::x\n'));
  });
});
