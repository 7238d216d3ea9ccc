// Mocha's spec reporter, which also leaves the counts for scripts/test.mjs (see counts.ts).
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

module.exports = class CountingReporter extends reporters.Spec {
  done(_failures, finish) {
    const { passes: passed, failures: failed, pending: skipped } = this.stats;
    const file = process.env.HANDRAIL_TEST_COUNTS;
    if (file) writeFileSync(file, JSON.stringify({ passed, failed, skipped }));
    finish(failed);
  }
};
