import Mocha from 'mocha';
import { report } from './driver';
import { beginPhase, hasNextPhase } from './phase';

/**
 * Runs a suite inside VS Code's extension host and reports each test as it ends.
 * @param load evaluates the suite's file, which declares its tests
 */
export async function runInHost(load: () => unknown): Promise<void> {
  try {
    await beginPhase();
    const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, reporter: NoReporter, forbidOnly: true });
    mocha.suite.emit('pre-require', globalThis, '', mocha);
    load();
    const reports: Promise<void>[] = [];
    const failures = await new Promise<number>(resolve => {
      const runner = mocha.run(resolve);
      runner.on('pass', test => reports.push(tell(test, 'passed')));
      runner.on('pending', test => reports.push(tell(test, 'skipped')));
      runner.on('fail', (test, error: Error) => reports.push(tell(test, 'failed', error)));
    });
    await Promise.all(reports);
    await report({ type: 'phase', more: failures === 0 && hasNextPhase() });
  } catch (error) {
    await report({
      type: 'broken',
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
}

/** Mocha's own would print to a console that nobody sees. */
class NoReporter extends Mocha.reporters.Base {
  override epilogue(): void {}
}

function tell(test: Mocha.Test, state: 'passed' | 'failed' | 'skipped', error?: Error): Promise<void> {
  return report({
    type: 'test',
    title: test.fullTitle(),
    state,
    ms: test.duration ?? 0,
    ...(error ? { error: error.stack ?? error.message } : {}),
  });
}
