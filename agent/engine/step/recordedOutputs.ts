import type { Redactor } from '../../secrets/types';
import type { Variables } from './capturedStdout';

/** Variables as a record has them: secrets masked, long values cut. Nothing where there are none. */
export function recordedOutputs(
  variables: Variables,
  redactor: Redactor,
): { outputs?: Record<string, string> } {
  if (variables.size === 0) return {};
  const entries = [...variables].flatMap(([name, value]) =>
    value === undefined ? [] : [[name, shortened(redactor.text(value))] as const],
  );
  return { outputs: Object.fromEntries(entries) };
}

function shortened(value: string): string {
  return value.length > longest ? `${value.slice(0, longest)}…` : value;
}

/** Characters. */
const longest = 4096;
