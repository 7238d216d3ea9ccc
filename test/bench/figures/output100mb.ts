import type { Figure } from '../figure';
import { measureProcess, mediansInTurn } from '../measure';

/** 1,000,000 lines of 100 bytes. */
const command = "seq -f '%099.0f' 1 1000000";

/** A cell that prints 100 MB, into a pipe, against the bare command into a pipe. */
export const output100mb: Figure = {
  name: 'output-100mb',
  async measure(bench) {
    const file = await bench.write('big.runbook.md', `# Big\n\n\`\`\`bash {name=big}\n${command}\n\`\`\`\n`);
    let peakMB = 0;
    const [value, bare] = await mediansInTurn(
      3,
      async () => {
        const handrail = [bench.bundle('handrail.js'), 'run', file];
        const run = await measureProcess(process.execPath, handrail, bench.env);
        if (run.stdoutBytes !== 100_000_000) throw new Error(`${run.stdoutBytes} bytes came instead of 10⁸`);
        peakMB = Math.max(peakMB, run.peakMB);
        return run.ms;
      },
      async () => (await measureProcess('bash', ['-c', command], bench.env)).ms,
    );
    return [
      {
        name: 'output-100mb',
        value,
        unit: 'ms',
        budget: 2,
        baseline: { what: 'the bare command', value: bare },
      },
      { name: 'output-100mb-resident', value: peakMB, unit: 'MB', budget: 200 },
    ];
  },
};
