import type { Action } from '../call';
import { exitCodes } from '../exitCodes';
import { printRows } from '../terminal/columns';
import { agentFinding, dataFinding, nodeFinding } from './ownFindings';
import { toolFinding, tools } from './tools';

/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `absent`: something works less well without it. `broken`: Handrail does not work. */
  readonly state: 'present' | 'absent' | 'broken';
  /** Version and place, or what is wrong. */
  readonly detail: string;
  /** How to get it or mend it. */
  readonly fix?: string;
}

/** `handrail doctor`: exit 1 where something keeps Handrail from working. */
export const doctorCommand: Action = async ({ env, folders, options, terminal }) => {
  const looked = [
    dataFinding(folders, env),
    agentFinding(folders),
    ...tools.map(tool => toolFinding(tool, env)),
  ];
  const findings = [nodeFinding(), ...(await Promise.all(looked))];
  const { stdout } = terminal;
  if (options.flag('json')) {
    void stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
  } else {
    const { marks } = stdout.paint;
    const marked = { present: marks.passed, absent: marks.skipped, broken: marks.failed };
    printRows(
      stdout,
      findings.map(({ name, state, detail }) => [marked[state], name, detail]),
    );
    const fixes = findings.filter(({ fix }) => fix !== undefined);
    if (fixes.length > 0) void stdout.write('\n');
    printRows(
      stdout,
      fixes.map(({ name, fix = '' }) => [name, fix]),
    );
  }
  return findings.some(({ state }) => state === 'broken') ? exitCodes.failed : exitCodes.passed;
};
