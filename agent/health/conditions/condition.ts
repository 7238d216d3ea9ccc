import { Environment, EvaluationError, ParseError, TypeError, type ASTNode } from '@marcbachmann/cel-js';
import { TooLong, withinTime } from '../../withinTime';
import { astNodes } from './astNodes';
import { explain, explainValues } from './explain';
import { addLinearMatches, forgetPatterns, useLinearMatches } from './linearMatches';

/**
 * Types of the values that a condition may use: those of CEL, https://github.com/google/cel-spec/blob/master/doc/langdef.md
 */
export type CelType =
  'int' | 'double' | 'string' | 'bool' | 'dyn' | 'duration' | 'map' | 'list' | 'timestamp';

/** The values of a check type by name, each with its type and what it is. */
export type CelTypes = Readonly<
  Record<string, readonly [type: CelType, about: string, /** Why it may be missing. */ missing?: string]>
>;

/** A condition whose syntax and types are right. */
export interface Condition {
  readonly text: string;
  /** Whether it holds, and why not, or for which values; a missing or unfit value means that it does not. */
  test(values: Values): Verdict;
}

type Values = Readonly<Record<string, unknown>>;

interface Verdict {
  readonly holds: boolean;
  readonly message: string;
}

/** What is wrong with a condition, and where in its text (offset). */
export interface ConditionProblem {
  readonly message: string;
  readonly offset: number;
}

/** Compiles a condition over the values of a check type. */
export function compileCondition(text: string, types: CelTypes): Condition | ConditionProblem {
  const environment = environmentOf(types);
  const checked = environment.check(text);
  if (!checked.valid) return problemOf(checked.error, types);
  if (checked.type !== 'bool' && checked.type !== 'dyn') {
    return {
      message: `It gives ${checked.type ?? 'something'}, and a condition is true or false`,
      offset: 0,
    };
  }
  const expression = environment.parse(text);
  const wrong = useLinearMatches(expression.ast);
  if (wrong !== undefined) return wrong;
  const judge = (values: Values): Verdict => {
    const holds = expression(values) === true;
    const words = holds ? explainValues : explain;
    return { holds, message: words(expression.ast, part => valueOf(environment, part, values)) };
  };
  // Only what is asked of a value, as `body.items.all(…)`, can take more time than the value is long.
  const isBounded = !astNodes(expression.ast).some(({ op }) => op === 'rcall');
  return {
    text,
    test(values) {
      try {
        return isBounded ? judge(values) : withinTime(longest, () => judge(values));
      } catch (error) {
        if (error instanceof EvaluationError) return { holds: false, message: wordError(error, text, types) };
        if (!(error instanceof TooLong)) throw error;
        forgetPatterns();
        return { holds: false, message: `${text}: ${error.message} to find out` };
      }
    },
  };
}

/** Milliseconds that a condition may take: meanwhile the agent does nothing else. */
const longest = 500;

/** One for each check type: to make one costs more than to use it. */
const environments = new WeakMap<CelTypes, Environment>();

function environmentOf(types: CelTypes): Environment {
  const known = environments.get(types);
  if (known !== undefined) return known;
  const made = new Environment({ limits: { maxAstNodes: 1000, maxDepth: 50 } });
  for (const [name, [type]] of Object.entries(types)) {
    made.registerVariable(name, celNames[type] ?? type);
  }
  addLinearMatches(made);
  environments.set(types, made);
  return made;
}

const celNames: Readonly<Partial<Record<CelType, string>>> = {
  // Else `value == 1` would be refused: CEL compares doubles with ints only where it does not know their types.
  double: 'dyn',
  duration: 'google.protobuf.Duration',
  timestamp: 'google.protobuf.Timestamp',
};

function problemOf(error: ParseError | TypeError | undefined, types: CelTypes): ConditionProblem {
  const offset = error?.range?.start ?? 0;
  const summary = error?.summary ?? 'It cannot be read';
  const [, unknown] = /^Unknown variable: (.*)$/.exec(summary) ?? [];
  if (unknown !== undefined) {
    return { message: `There is no ${unknown} here. There is: ${Object.keys(types).join(', ')}`, offset };
  }
  if (summary === 'Unexpected character: =') return { message: 'To compare, write == rather than =', offset };
  return { message: wordTypes(summary), offset };
}

/** `no such overload: int == string` in words. */
function wordTypes(summary: string): string {
  const short = summary.replaceAll('google.protobuf.', '').replaceAll(/dyn<(\w+)>/g, '$1');
  const [, left, operator, right] = /^no such overload: (\w+) (\S+) (\w+)$/.exec(short) ?? [];
  if (left === undefined) return short;
  const hint = [left, right].includes('Duration') ? '. A length of time is written duration("500ms")' : '';
  return `${left} ${operator} ${right} cannot be: the two are of different types${hint}`;
}

/** What went wrong while it was evaluated, with the part it went wrong at. */
function wordError(error: EvaluationError, text: string, types: CelTypes): string {
  const part = error.range === undefined ? text : text.slice(error.range.start, error.range.end);
  const [, key] = /^No such key: (.*)$/.exec(error.summary) ?? [];
  if (key !== undefined) return `${missingPart(text, key, error)} is not there`;
  const [, name] = /^Unknown variable: (.*)$/.exec(error.summary) ?? [];
  if (name !== undefined) return `there is no ${name}: ${types[name]?.[2] ?? 'it was not found'}`;
  return `${part}: ${wordTypes(error.summary)}`;
}

/** `headers["x"]`, `body.data.missing`: of the latter the range is only that of the key. */
function missingPart(text: string, key: string, { range }: EvaluationError): string {
  const { start = 0, end = 0 } = range ?? {};
  const part = text.slice(start, end);
  if (part.endsWith(']')) return part;
  const [before = ''] = /[\w.[\]"']*\.$/.exec(text.slice(0, start)) ?? [];
  return `${before}${key}`;
}

/** The value of a part; undefined where it has none. */
function valueOf(environment: Environment, part: ASTNode, values: Values): unknown {
  try {
    const expression = environment.parse(part.input.slice(part.start, part.end));
    useLinearMatches(expression.ast);
    return expression(values);
  } catch (error) {
    if (error instanceof EvaluationError || error instanceof ParseError || error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}
