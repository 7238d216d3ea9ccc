// Runs the suites in a real VS Code. Usage: tsx test/vscode/main.ts [--desktop] [SUITE…]
import { chromium } from '../support/chromium';
import { leaveCounts, type Counts } from '../support/counts';
import { mayBeMissing, provide } from '../support/realSystem';
import { vscodeServer } from '../support/vscodeServer';
import { inBrowser, onDesktop } from './places';
import { runSuite, type TestReport } from './runSuite';
import { suites } from './suites';

const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
const marks = { passed: '✔', failed: '✘', skipped: '-' };

async function main(args: string[]): Promise<void> {
  const desktop = args.includes('--desktop');
  const names = args.filter(arg => !arg.startsWith('--'));
  const chosen = suites.filter(suite => names.length === 0 || names.includes(suite.name));
  if (!desktop && !(await systemsAreThere(chosen.length))) return;
  for (const suite of chosen) {
    console.log(`\n  ${suite.name} (in VS Code)`);
    try {
      await runSuite(suite, desktop ? onDesktop : inBrowser, tell);
    } catch (error) {
      counts.failed++;
      console.log(
        `    ${marks.failed} ${suite.name}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
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

function tell(report: TestReport): void {
  if (report.type !== 'test') return;
  counts[report.state]++;
  console.log(`    ${marks[report.state]} ${report.title} (${report.ms} ms)`);
  if (report.error) console.log(report.error.replace(/^/gm, '        '));
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
