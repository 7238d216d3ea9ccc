import type { Figure } from '../figure';
import { mediansInTurn, measureProcess } from '../measure';

const numbers = Array.from({ length: 100 }, (_, index) => index + 1);

/** A file of 100 shell cells, each using the state of the one before, against a script that starts bash 100 times. */
export const run100: Figure = {
  name: 'run-100',
  async measure(bench) {
    const cells = numbers.map(n => `\`\`\`bash {name=c${n}}\necho "$((last + 1))"; last=${n}\n\`\`\`\n`);
    const file = await bench.write('hundred.runbook.md', `# Hundred\n\n${cells.join('\n')}`);
    const script = await bench.write('hundred.sh', numbers.map(n => `bash -c 'echo ${n}'\n`).join(''));
    const handrail = [bench.bundle('handrail.js'), 'run', file];
    const [value, bare] = await mediansInTurn(
      5,
      async () => (await measureProcess(process.execPath, handrail, bench.env)).ms,
      async () => (await measureProcess('bash', [script], bench.env)).ms,
    );
    return [{ name: 'run-100', value, unit: 'ms', budget: 8, baseline: { what: 'bash × 100', value: bare } }];
  },
};
