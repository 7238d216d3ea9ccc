import type { AskedInput } from '../../agent/protocol/plan';
import { checkInput } from '../../agent/runbook/inputs';

/** One question of several, in words: what stands in the box's title and below it. */
export interface InputWords {
  readonly title: string;
  readonly prompt: string;
  /** What is offered: the last value, else the default. */
  readonly value: string;
}

/** How an input or a placeholder is asked for, as number `at` (from 1) of `total`. */
export function inputWords(asked: AskedInput, runbook: string, at: number, total: number): InputWords {
  const place = total > 1 ? ` · ${String(at)} of ${String(total)}` : '';
  const users = asked.cells.length === 0 ? '' : `for ${asked.cells.slice(0, 3).join(', ')}`;
  const what = asked.from === 'placeholder' ? 'Fills a placeholder' : asked.description;
  const prompt = [what, users].filter(part => part !== undefined && part !== '').join(' · ');
  return {
    title: `${runbook} · ${asked.name}${place}`,
    prompt,
    value: asked.type === 'secret' ? '' : (asked.last ?? asked.default ?? ''),
  };
}

/** What is wrong with what was typed so far; an empty box means the default where there is one. */
export function inputProblem(asked: AskedInput, text: string): string | undefined {
  const { name, type, choices, pattern, default: preset } = asked;
  return checkInput(
    {
      name,
      type,
      required: preset === undefined,
      ...(choices === undefined ? {} : { choices }),
      ...(pattern === undefined ? {} : { pattern }),
    },
    text,
  );
}

/** The values to choose among, the offered one first; undefined where the value is typed. */
export function inputChoices(asked: AskedInput): readonly string[] | undefined {
  const all =
    asked.type === 'boolean' ? ['true', 'false'] : asked.type === 'choice' ? asked.choices : undefined;
  const offered = asked.last ?? asked.default;
  if (all === undefined || offered === undefined || !all.includes(offered)) return all;
  return [offered, ...all.filter(choice => choice !== offered)];
}
