// Mocha's spec reporter, which also leaves the counts for scripts/test.mjs (see counts.ts), names the tests that passed
// only when run again (with --retries), and sees to it that a test that left something open is told of, rather than
// waited for.
const { writeFileSync } = require('node:fs');
const { reporters } = require('mocha');

/** Milliseconds that the process may take to end once all tests have. */
const patience = 10_000;

module.exports = class CountingReporter extends reporters.Spec {
  #again = [];
  #failed = [];

  constructor(runner, options) {
    super(runner, options);
    runner.on('fail', (test, error) => this.#failed.push(`${test.fullTitle()}: ${error.message}`));
    runner.on('retry', (test, error) => this.#again.push(`${test.fullTitle()}: ${error.message}`));
  }

  epilogue() {
    super.epilogue();
    for (const text of this.#again) console.log(`  ! failed at first, so look at it: ${text}`);
  }

  done(_failures, finish) {
    this.#leaveCounts(0);
    // It does not keep the process, so it only ever fires where something else does.
    setTimeout(() => this.#tellOfLeftovers(), patience).unref();
    finish(this.stats.failures);
  }

  #tellOfLeftovers() {
    const open = process.getActiveResourcesInfo().filter(name => name !== 'TTYWrap' && name !== 'Timeout');
    // Mocha makes the exit code from its own count of failures; ours is in the file.
    console.error(`✘ the tests have ended, but something they left is still open: ${open.join(', ')}`);
    this.#leaveCounts(1);
    process.exit();
  }

  #leaveCounts(more) {
    const { passes: passed, failures, pending: skipped } = this.stats;
    const file = process.env.HANDRAIL_TEST_COUNTS;
    const counts = { passed, failed: failures + more, skipped, named: this.#failed };
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
};
