import validRange from 'semver/ranges/valid';
import * as z from 'zod';
import { languages, runnerLanguage } from '../runbook/languages';
import { CommandPattern, Duration, listOf, NamePattern } from './fields';

/** A language as written, and its id: `sh` and `console` are `bash`. */
const LanguageName = z.string().transform((written, context) => {
  const id = runnerLanguage(written);
  if (id !== undefined) return { written, id };
  context.addIssue(`there is no language ${written}: ${languages.map(language => language.id).join(', ')}`);
  return z.NEVER;
});

const VersionRange = z.union([z.string(), z.number()]).refine(value => validRange(String(value)) !== null, {
  error: ({ input }) => `${String(input)} is no range of versions: \`>=1.29\`, \`^2.3\` or \`*\``,
});

const Effect = z.enum(['read', 'change', 'destroy']);

/** What an approval is required for. */
export interface ApprovalRule {
  readonly written: string;
  applies(step: ApprovalFacts): boolean;
}

/** What an approval is decided by. */
export interface ApprovalFacts {
  readonly effect: z.output<typeof Effect>;
  readonly production: boolean;
  /** What the step runs, as written and with known values. */
  readonly texts: readonly string[];
  /** With known values only: what is left to the shell there may be the command. */
  readonly known: readonly string[];
}

const Approval = z
  .string()
  .min(1)
  .transform((written, context): ApprovalRule => {
    if (written === 'production') return { written, applies: step => step.production };
    const effect = /^effect\s*=\s*(.*)$/.exec(written)?.[1];
    if (effect !== undefined) {
      if (!Effect.safeParse(effect).success)
        context.addIssue(`there is no effect ${effect}: read, change or destroy`);
      return { written, applies: step => step.effect === effect };
    }
    const { data, error } = CommandPattern.safeParse(written);
    for (const { message } of error?.issues ?? []) context.addIssue(message);
    if (data === undefined) return z.NEVER;
    const applies = ({ texts, known }: ApprovalFacts): boolean =>
      texts.some(text => data.tell(text) === 'runs') || known.some(text => data.tell(text) === 'may run');
    return { written, applies };
  });

/** `.handrail.yaml`: what a repository forbids and requires. It can only tighten. */
export const PolicyFile = z.strictObject({
  forbid: z
    .strictObject({
      languages: listOf(LanguageName).default([]),
      /** Words or `/…/`, looked for in what cells and their guards run. */
      commands: listOf(CommandPattern).default([]),
      effects: listOf(Effect).default([]),
      targets: listOf(NamePattern).default([]),
    })
    .prefault({}),
  require: z
    .strictObject({
      /** `effect=destroy`, `production`, or a pattern as of commands: cells that are asked for before they run. */
      approval: listOf(Approval).default([]),
      /** Where cells have to run. */
      target: listOf(NamePattern).optional(),
      /** Every step ends after this time at the latest. */
      timeout: Duration.optional(),
      /** Tools by name with a range, as front matter has them. */
      requires: z.record(z.string(), VersionRange).default({}),
    })
    .prefault({}),
  /** Further contexts that count as production, or where nothing is changed. */
  production: listOf(NamePattern).default([]),
  readOnly: listOf(NamePattern).default([]),
});
