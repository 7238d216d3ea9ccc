import { howToGet } from '../../requirements/howToGet';
import { findTool, versionOf } from '../../requirements/version';
import type { Finding } from './doctorCommand';

/** A program that cells or Handrail itself may call. */
interface LookedAt {
  /** What it is called where its program's name would mislead. */
  readonly label?: string;
  /** Programs that do the same, the best first. */
  readonly programs: readonly [string, ...string[]];
  /** What it is good for. */
  readonly use: string;
}

export const tools: readonly LookedAt[] = [
  { programs: ['bash'], use: 'shell cells' },
  { programs: ['zsh'], use: 'zsh cells' },
  { programs: ['fish'], use: 'fish cells' },
  { label: 'python', programs: ['python3'], use: 'python cells' },
  { label: 'node (cells)', programs: ['node'], use: 'node cells' },
  { programs: ['git'], use: 'the commit in the record of a run' },
  { programs: ['docker', 'podman'], use: 'cells that call it' },
  { programs: ['kubectl'], use: 'cells that call it' },
];

/** Looks for a tool on the PATH and asks it for its version. */
export async function toolFinding(tool: LookedAt, env: NodeJS.ProcessEnv): Promise<Finding> {
  const [first] = tool.programs;
  const name = tool.label ?? first;
  const environment = { env: definedOnly(env), cwd: process.cwd() };
  for (const program of tool.programs) {
    const path = findTool(program, environment);
    if (path === undefined) continue;
    const answer = await versionOf(path, program, environment, new AbortController().signal);
    return { name, state: 'present', detail: 'version' in answer ? `${answer.version}  ${path}` : path };
  }
  const fix = howToGet(first, env['PATH']);
  return {
    name,
    state: 'absent',
    detail: `not there; for ${tool.use}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}
