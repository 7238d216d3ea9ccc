import { execa } from 'execa';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Finding } from './doctorCommand';

/** A program that cells or Handrail itself may call. */
interface Tool {
  readonly name: string;
  /** Names it goes by, the best first. */
  readonly programs: readonly string[];
  /** Arguments that print the version and touch nothing else. */
  readonly version: readonly string[];
  /** What it is good for. */
  readonly use: string;
  readonly get: string;
}

export const tools: readonly Tool[] = [
  {
    name: 'bash',
    programs: ['bash'],
    version: ['--version'],
    use: 'shell cells',
    get: 'apt-get install bash',
  },
  { name: 'zsh', programs: ['zsh'], version: ['--version'], use: 'zsh cells', get: 'apt-get install zsh' },
  {
    name: 'fish',
    programs: ['fish'],
    version: ['--version'],
    use: 'fish cells',
    get: 'apt-get install fish',
  },
  {
    name: 'python',
    programs: ['python3', 'python'],
    version: ['--version'],
    use: 'python cells',
    get: 'apt-get install python3',
  },
  {
    name: 'node (cells)',
    programs: ['node'],
    version: ['--version'],
    use: 'node cells',
    get: 'https://nodejs.org',
  },
  {
    name: 'git',
    programs: ['git'],
    version: ['--version'],
    use: 'the commit in the record of a run',
    get: 'apt-get install git',
  },
  {
    name: 'docker',
    programs: ['docker', 'podman'],
    version: ['--version'],
    use: 'cells that call it',
    get: 'https://docs.docker.com/engine/install',
  },
  {
    name: 'kubectl',
    programs: ['kubectl'],
    // Without --client it would ask the cluster.
    version: ['version', '--client'],
    use: 'cells that call it',
    get: 'https://kubernetes.io/docs/tasks/tools',
  },
];

const deadline = 5000;

/** Looks for a tool on the PATH and asks it for its version. */
export async function toolFinding(tool: Tool, env: NodeJS.ProcessEnv): Promise<Finding> {
  for (const program of tool.programs) {
    const path = await findProgram(program, env['PATH'] ?? '');
    if (path === undefined) continue;
    const version = await versionOf(path, tool.version, env);
    return { name: tool.name, state: 'present', detail: version === '' ? path : `${version}  ${path}` };
  }
  return { name: tool.name, state: 'absent', detail: `not there; for ${tool.use}`, fix: tool.get };
}

async function findProgram(name: string, path: string): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of path.split(delimiter).filter(part => part !== '')) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      if (await isExecutable(file)) return file;
    }
  }
  return undefined;
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    // Not there, or not for us: either way the next folder of the PATH is asked.
    return false;
  }
}

/** The first version number it prints; empty where it prints none in time. */
async function versionOf(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout, stderr } = await execa(path, args, {
    env,
    extendEnv: false,
    timeout: deadline,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024,
    stdin: 'ignore',
    reject: false,
  });
  return /\d+\.\d+[\w.+-]*/.exec(`${stdout}\n${stderr}`)?.[0] ?? '';
}
