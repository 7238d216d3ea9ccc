// Runs the suites in a real VS Code. Usage: tsx test/vscode/main.ts [--desktop] [--again] [SUITE…]
// --again: a suite that fails has a second chance in a fresh window, on a busy machine; which ones is told at the end.
import { chromium } from '../support/chromium';
import { leaveCounts, type Counts } from '../support/counts';
import { mayBeMissing, provide } from '../support/realSystem';
import { vscodeServer } from '../support/vscodeServer';
import { inBrowser, onDesktop } from './places';
import { runSuite, type Place, type TestReport } from './runSuite';
import { suites, type Suite } from './suites';

const counts: Required<Counts> = { passed: 0, failed: 0, skipped: 0, named: [] };
const marks = { passed: '✔', failed: '✘', skipped: '-' };

async function main(args: string[]): Promise<void> {
  const desktop = args.includes('--desktop');
  const names = args.filter(arg => !arg.startsWith('--'));
  const chosen = suites.filter(suite => names.length === 0 || names.includes(suite.name));
  const unknown = names.filter(name => !suites.some(suite => suite.name === name));
  if (unknown.length > 0)
    throw new Error(
      `There is no suite ${unknown.join(', ')}. There are: ${suites.map(({ name }) => name).join(', ')}`,
    );
  if (!desktop && !(await systemsAreThere(chosen.length))) return;
  const place = desktop ? onDesktop : inBrowser;
  const shaky: string[] = [];
  for (const suite of chosen) {
    let result = await outcome(suite, place);
    if (result.failed > 0 && args.includes('--again')) {
      shaky.push(suite.name);
      result = await outcome(suite, place);
    }
    for (const state of ['passed', 'failed', 'skipped'] as const) counts[state] += result[state];
    counts.named.push(...result.named);
  }
  if (shaky.length > 0) console.log(`\n  ! failed at first, so look at it: ${shaky.join(', ')} (in VS Code)`);
}

/** Runs a suite, and tells of each test as it ends. */
async function outcome(suite: Suite, place: Place): Promise<Required<Counts>> {
  const result: Required<Counts> = { passed: 0, failed: 0, skipped: 0, named: [] };
  console.log(`\n  ${suite.name} (in VS Code)`);
  try {
    await runSuite(suite, place, report => {
      if (report.type !== 'test') return;
      result[report.state]++;
      if (report.state === 'failed')
        result.named.push(`${suite.name}: ${report.title}: ${report.error ?? ''}`);
      tell(report);
    });
  } catch (error) {
    result.failed++;
    const text = `${suite.name}: ${error instanceof Error ? error.message : String(error)}`;
    result.named.push(text);
    console.log(`    ${marks.failed} ${text}`);
  }
  return result;
}

async function systemsAreThere(affected: number): Promise<boolean> {
  try {
    for (const system of [vscodeServer, chromium]) await provide(system);
    return true;
  } catch (error) {
    if (!mayBeMissing(error)) throw error;
    console.log(`  ${affected} suites in VS Code skipped: ${error.message}`);
    counts.skipped += affected;
    return false;
  }
}

function tell(test: Extract<TestReport, { type: 'test' }>): void {
  console.log(`    ${marks[test.state]} ${test.title} (${test.ms} ms)`);
  if (test.error) console.log(test.error.replace(/^/gm, '        '));
}

void main(process.argv.slice(2))
  .catch((error: unknown) => {
    counts.failed++;
    console.error(error);
  })
  .finally(() => {
    leaveCounts(counts);
    process.exit(counts.failed > 0 ? 1 : 0);
  });
