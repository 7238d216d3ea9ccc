import { findOnPath } from '../../support/command';
import type { Bench, Figure, Line } from '../figure';
import { mediansInTurn, measureProcess } from '../measure';

/** `handrail run` of one `echo`, against Node doing nothing, and against runme where it is on PATH. */
export const startup: Figure = {
  name: 'startup',
  async measure(bench) {
    const file = await bench.write('one.runbook.md', '# One\n\n```sh {name=one}\necho one\n```\n');
    const handrail = timeOf(bench, process.execPath, [bench.bundle('handrail.js'), 'run', file]);
    const node = timeOf(bench, process.execPath, ['-e', '0']);
    const [value, bare] = await mediansInTurn(9, handrail, node);
    return [
      { name: 'startup', value, unit: 'ms', budget: 4, baseline: { what: 'node -e 0', value: bare } },
      ...(await againstRunme(bench, file, handrail)),
    ];
  },
};

async function againstRunme(bench: Bench, file: string, handrail: () => Promise<number>): Promise<Line[]> {
  const runme = await findOnPath('runme');
  if (!runme) return [];
  const [value, theirs] = await mediansInTurn(
    5,
    handrail,
    timeOf(bench, runme, ['run', '--filename', file, 'one']),
  );
  return [
    { name: 'startup-runme', value, unit: 'ms', budget: 0.5, baseline: { what: 'runme', value: theirs } },
  ];
}

function timeOf(bench: Bench, command: string, args: string[]): () => Promise<number> {
  return async () => (await measureProcess(command, args, bench.env)).ms;
}
