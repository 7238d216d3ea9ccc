import type { Report } from './report';

/** The record as it is, with what each step printed. Readers ignore keys they do not know. */
export function jsonReport({ run, outputs }: Report): string {
  const steps = run.steps.map(step => {
    const output = outputs.get(step.index);
    return { ...step, ...(output && { printed: output.text, printedCut: output.cut }) };
  });
  return `${JSON.stringify({ v: 1, ...run, steps }, null, 2)}\n`;
}
