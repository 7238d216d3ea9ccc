import { compileProgram, type Instruction } from './patternProgram';

/** A pattern that a whole text is compared with, in time that grows with the text's length and no faster. */
export interface LinearPattern {
  matches(text: string): boolean;
}

/**
 * Understands the regular expressions that people check values with: literals, classes, groups, alternatives and
 * repetition. The engine's own RegExp would let a runbook stop the editor with `(a+)+$`; so lookaround and
 * back-references are refused, and the rest runs all alternatives at once (https://swtch.com/~rsc/regexp/regexp2.html).
 */
export function linearPattern(
  pattern: string,
): { pattern: LinearPattern; problem?: never } | { problem: string; pattern?: never } {
  const unicode = compiles(pattern, 'u') === undefined;
  const problem = unicode ? undefined : compiles(pattern, '');
  if (problem !== undefined) return { problem };
  const { program, problem: refused } = compileProgram(pattern, unicode ? 'u' : '');
  if (refused !== undefined) return { problem: refused };
  return { pattern: { matches: text => run(program, unicode ? [...text] : text.split('')) } };
}

function compiles(pattern: string, flags: string): string | undefined {
  try {
    new RegExp(pattern, flags);
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return error.message.replace(/^Invalid regular expression: \/.*\/\w*: /s, '');
  }
}

function run(program: readonly Instruction[], chars: readonly string[]): boolean {
  let states = new Set<number>();
  follow(program, 0, states, { first: true, last: chars.length === 0 });
  for (let at = 0; at < chars.length && states.size > 0; at++) {
    const next = new Set<number>();
    const where = { first: false, last: at === chars.length - 1 };
    for (const state of states) {
      const instruction = program[state]!;
      if (instruction.op === 'char' && instruction.test.test(chars[at]!))
        follow(program, state + 1, next, where);
    }
    states = next;
  }
  return [...states].some(state => program[state]!.op === 'match');
}

/** Adds all that can be reached without taking a character. */
function follow(
  program: readonly Instruction[],
  start: number,
  into: Set<number>,
  where: { first: boolean; last: boolean },
): void {
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (into.has(state)) continue;
    into.add(state);
    const instruction = program[state]!;
    if (instruction.op === 'split') open.push(...instruction.to);
    else if (instruction.op === 'start' && where.first) open.push(state + 1);
    else if (instruction.op === 'end' && where.last) open.push(state + 1);
  }
}
