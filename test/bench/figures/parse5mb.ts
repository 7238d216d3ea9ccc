import MarkdownIt from 'markdown-it';
import { readNotebook, writeNotebook } from '../../../agent/runbook/notebook';
import type { Figure } from '../figure';
import { mediansInTurn } from '../measure';

const cells = 23_847;

/** A 5 MB runbook to cells and back, against markdown-it's own parse into blocks. */
export const parse5mb: Figure = {
  name: 'parse-5mb',
  async measure() {
    const text = bigRunbook();
    const bytes = new TextEncoder().encode(text);
    // Links and emphasis are not looked for, in either.
    const markdown = new MarkdownIt({ html: true }).disable('inline');
    const [value, bare] = await mediansInTurn(
      5,
      () => timed(() => roundTrip(bytes)),
      () => timed(() => markdown.parse(text, {})),
    );
    const baseline = { what: "markdown-it's block parse", value: bare };
    return [{ name: 'parse-5mb', value, unit: 'ms', budget: 1.5, baseline }];
  },
};

function roundTrip(bytes: Uint8Array): void {
  const { cells: found } = readNotebook(bytes);
  const code = found.filter(({ kind }) => kind === 'code').length;
  if (code !== cells) throw new Error(`${code} cells instead of ${cells}`);
  const written = writeNotebook(found);
  if (Buffer.compare(written, bytes) !== 0) throw new Error('It came back different.');
}

function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  work();
  return Promise.resolve(performance.now() - start);
}

/** 5 MB of what runbooks are made of: a heading, a line or two of text and a short cell, each seventh in a list. */
function bigRunbook(): string {
  const parts: string[] = [];
  for (let n = 1; n <= cells; n++) {
    const text = `Look at *item* ${n} of the [list](items.md), then go on with the next one\nunless \`status\` says otherwise.`;
    const cell = `\`\`\`bash {name=c${n}}\nkubectl get pods --namespace shop-${n}\necho "done ${n}"\n\`\`\`\n`;
    parts.push(
      `## Step ${n}\n\n${text}\n`,
      n % 7 === 0 ? `- now:\n\n${cell.replace(/^(?=.)/gm, '  ')}` : cell,
    );
  }
  return parts.join('\n');
}
