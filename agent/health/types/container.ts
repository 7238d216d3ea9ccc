import * as z from 'zod';
import { readConfig } from '../../config/readConfig';
import type { Inspected, Wanted } from '../../containers/targets/inspectContainers';
import { handrailFolders } from '../../folders';
import { celDuration } from '../conditions/values';
import { checkType, ProbeFailure } from './checkType';

/** `NAME`, or `PROJECT/SERVICE` of Docker Compose: neither has a slash in it. */
export const ContainerName = z.string().transform((written, context) => {
  const [, project = '', service] = /^([^/\s]+)(?:\/([^/\s]+))?$/.exec(written) ?? [];
  const wanted: Wanted = service === undefined ? { name: project } : { project, service };
  if (project !== '') return { written, wanted };
  context.addIssue(`expected the name of a container, or PROJECT/SERVICE, not ${written}`);
  return z.NEVER;
});

const Options = z.strictObject({
  container: ContainerName,
  /** The engine, by its context's name; else the one in use. */
  engine: z.string().min(1).optional(),
});

/** A container, or all containers of a compose service. */
export const container = checkType({
  name: 'container',
  about: 'a container by name, or those of a compose service (`PROJECT/SERVICE`)',
  options: Options,
  values: {
    count: ['int', 'how many there are'],
    running: ['int', 'how many of them run'],
    state: ['string', 'that of the worst: `running`, `exited`, `paused`, `restarting`, …'],
    health: ['string', 'that of the worst: `healthy`, `unhealthy`, `starting`; empty without a health check'],
    restarts: ['int', 'how often the engine has started them anew, together'],
    exit: ['int', 'exit code of the worst; 0 while it runs'],
    oom: ['bool', 'whether one was ended because memory ran out'],
    age: ['duration', 'since the last of them was started', 'none was ever started'],
  },
  up: 'running == count && health != "unhealthy"',
  subject: ({ container: { written } }) => written,
  async probe({ container: { wanted }, engine }, { env, signal }) {
    const { inspectForClient } = await import('../../containers/targets/clientEngine');
    const configured = readConfig(handrailFolders(process.env)).config.endpoints;
    const inspection = await inspectForClient(wanted, { env, engine, configured }, signal);
    signal.throwIfAborted();
    if (inspection.kind === 'found') return valuesOf(inspection.containers);
    // Where the engine cannot be asked, nobody knows of the container.
    throw new ProbeFailure(inspection.message, { unknown: inspection.kind === 'trouble' });
  },
});

function valuesOf(containers: readonly Inspected[]): Record<string, unknown> {
  const [worst] = [...containers].sort((one, other) => badness(other) - badness(one));
  const started = containers.flatMap(({ startedAt }) => startedAt ?? []);
  return {
    count: BigInt(containers.length),
    running: BigInt(containers.filter(({ state }) => state === 'running').length),
    state: worst?.state,
    health: worst?.health,
    restarts: BigInt(containers.reduce((sum, { restarts }) => sum + restarts, 0)),
    exit: BigInt(worst?.exit ?? 0),
    oom: containers.some(({ isOutOfMemory }) => isOutOfMemory),
    ...(started.length > 0 && { age: celDuration(Date.now() - Math.max(...started)) }),
  };
}

function badness({ state, health }: Inspected): number {
  if (state !== 'running') return 3;
  return { unhealthy: 2, starting: 1 }[health] ?? 0;
}
