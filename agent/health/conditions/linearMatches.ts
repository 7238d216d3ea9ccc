import { EvaluationError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import { RE2JS, RE2JSException } from 're2js';
import { astNodes } from './astNodes';

/** Characters of a pattern; to understand a longer one costs more than to use it. */
const longest = 4096;
/** Patterns that are kept as understood. */
const mostKept = 200;

/** What `matches` is called here instead. */
const ours = 'matches_re2';

const kept = new Map<string, RE2JS>();

/**
 * Has an environment know `matches` as the CEL specification has it: RE2's patterns, in time that grows with the text
 * and no faster. The library would use JavaScript's, where `(a+)+$` holds the whole agent.
 */
export function addLinearMatches(environment: Environment): void {
  environment.registerFunction(`string.${ours}(string): bool`, (text: string, pattern: string) =>
    patternOf(pattern).test(text),
  );
}

/** Has all calls of `matches` below a node use it. Gives the first of their patterns that is wrong. */
export function useLinearMatches(root: ASTNode): { message: string; offset: number } | undefined {
  let wrong: { message: string; offset: number } | undefined;
  for (const node of astNodes(root)) {
    if (node.op !== 'rcall' || node.args[0] !== 'matches' || node.args[2].length !== 1) continue;
    (node.args as unknown[])[0] = ours;
    const [pattern] = node.args[2];
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') continue;
    const message = problemOf(pattern.args);
    if (message !== undefined) wrong ??= { message, offset: pattern.start };
  }
  return wrong;
}

/** Forgets what was being worked with when the time was up: it may be half done. */
export function forgetPatterns(): void {
  kept.clear();
}

function problemOf(pattern: string): string | undefined {
  try {
    patternOf(pattern);
    return undefined;
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return error.summary;
  }
}

/** @throws EvaluationError with what is wrong with the pattern, in words. */
function patternOf(pattern: string): RE2JS {
  if (pattern.length > longest) throw new EvaluationError(`A pattern may have ${longest} characters`);
  const known = kept.get(pattern) ?? compiled(pattern);
  kept.delete(pattern);
  kept.set(pattern, known);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return known;
}

function compiled(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '');
    throw new EvaluationError(`Invalid regular expression (RE2): ${why}`, undefined, error);
  }
}
