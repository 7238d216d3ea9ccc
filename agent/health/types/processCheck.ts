import * as z from 'zod';
import { commandOf, listProcesses } from '../../processTable';
import { linearPattern } from '../../runbook/linearPattern';
import { checkType } from './checkType';

const Options = z.strictObject({
  /** A regular expression for the command line. */
  process: z.string().transform((written, context) => {
    const { pattern, problem } = linearPattern(`(?:.*)(?:${written})(?:.*)`);
    if (problem === undefined) return { written, matches: (text: string) => pattern.matches(text) };
    context.addIssue(`it is no regular expression: ${problem}`);
    return z.NEVER;
  }),
});

/** Whether processes run here. */
export const processCheck = checkType({
  name: 'process',
  about: 'whether processes run on this machine, by their command line',
  options: Options,
  values: {
    count: ['int', 'how many there are'],
    pids: ['list', 'which'],
  },
  up: 'count > 0',
  subject: ({ process: { written } }) => written,
  probe({ process: { matches } }) {
    const found = listProcesses()
      .filter(({ pid }) => pid !== process.pid && matches(commandOf(pid).replaceAll('\n', ' ')))
      .map(({ pid }) => BigInt(pid));
    return Promise.resolve({ count: BigInt(found.length), pids: found });
  },
});
