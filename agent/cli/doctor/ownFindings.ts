import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, constants, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connectAgent } from '../../client/connectAgent';
import type { Folders } from '../../folders';
import { HandrailError } from '../../protocol/errors';
import { productVersion } from '../../version';
import type { Finding } from './doctorCommand';

/** The Node that runs us; the launcher has seen to it that it is new enough. */
export function nodeFinding(): Finding {
  return {
    name: 'handrail',
    state: 'present',
    detail: `${productVersion}, Node ${process.versions.node}  ${process.execPath}`,
  };
}

/** Whether the history can be written. Nothing is made or changed to find out. */
export async function dataFinding(folders: () => Folders, env: NodeJS.ProcessEnv): Promise<Finding> {
  const name = 'data folder';
  try {
    const { data } = folders();
    const nearest = nearestThere(data);
    await access(nearest, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(nearest);
    const left = Math.floor((bavail * bsize) / 1024 / 1024);
    if (left < leastRoom)
      return {
        name,
        state: 'broken',
        detail: `${left} MiB are left on the disk of ${data}: too little to record runs`,
        fix: 'free some space there, or move it with HANDRAIL_HOME',
      };
    return { name, state: 'present', detail: nearest === data ? data : `${data} (made with the first run)` };
  } catch (error) {
    const fix =
      env['HANDRAIL_HOME'] === undefined
        ? 'set HANDRAIL_HOME to a folder of yours'
        : 'choose another HANDRAIL_HOME';
    return { name, state: 'broken', detail: (error as Error).message, fix };
  }
}

/** Whether an agent runs; none is started. */
export async function agentFinding(folders: () => Folders): Promise<Finding> {
  const name = 'agent';
  try {
    const connection = await connectAgent({
      folders: folders(),
      client: { id: randomUUID(), kind: 'cli' },
      trusted: false,
      deadline: 2000,
    });
    const { pid, version } = connection.agent;
    connection.dispose();
    return { name, state: 'present', detail: `${version}, pid ${pid}` };
  } catch (error) {
    if (!(error instanceof HandrailError)) throw error;
    if (error.code === 'unavailable')
      return { name, state: 'absent', detail: 'does not run; it is started when needed' };
    return { name, state: 'broken', detail: error.message, fix: 'handrail agent log' };
  }
}

/** MiB without which no run can be recorded to its end. */
const leastRoom = 2;

function nearestThere(path: string): string {
  const above = dirname(path);
  return existsSync(path) || above === path ? path : nearestThere(above);
}
