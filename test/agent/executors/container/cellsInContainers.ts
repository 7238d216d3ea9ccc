import Docker from 'dockerode';
import { createOpenTarget } from '../../../../agent/containers/targets/openTarget';
import type { CellSpec, Execution } from '../../../../agent/executors/executor';
import type { RealEngine } from '../../../support/engine/engine';
import { createHarness, type Harness, type Outcome } from '../harness';

/** A session whose cells run in containers of a real engine. */
export interface ContainerHarness extends Harness {
  /** Runs a cell on a target. */
  on(
    target: string,
    spec: Partial<CellSpec>,
    started?: (execution: Execution, printed: () => string) => void,
  ): Promise<Outcome>;
}

/** A session on an engine; the runbook of its cells is in its folder. */
export async function openOn(
  engine: Pick<RealEngine, 'socket'>,
  env: Record<string, string> = {},
  self?: string,
): Promise<ContainerHarness> {
  const docker = new Docker({ socketPath: engine.socket });
  const worded = (error: unknown): Error => error as Error;
  const openTarget = createOpenTarget(() => Promise.resolve({ docker, isLocal: true, self, worded }));
  const harness = await createHarness(env, { openTarget });
  return {
    ...harness,
    on: (target, spec, started) =>
      harness.run({ target, file: `${harness.folder}/book.md`, ...spec }, started),
  };
}

/** Command lines of all that runs in a container, but for what asks. */
export async function running(engine: RealEngine, container: string): Promise<string[]> {
  const said = await engine.docker('exec', container, 'ps', '-o', 'args');
  return said.split('\n').filter(line => !/^(COMMAND|\{?ps|\[)/.test(line.trim()));
}
