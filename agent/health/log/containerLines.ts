import { readConfig } from '../../config/readConfig';
import type { Wanted } from '../../containers/targets/inspectContainers';
import type { ReadUpTo } from '../../containers/targets/readNewLines';
import { handrailFolders } from '../../folders';
import type { ContainerTarget } from '../../runbook/containerTarget';
import { ProbeFailure } from '../types/checkType';

export type LogTarget = Exclude<ContainerTarget, { kind: 'image' }>;

/** The logs of containers, from look to look. */
export class ContainerLines {
  readonly #target: LogTarget;
  #last: ReadonlyMap<string, ReadUpTo> = new Map();

  constructor(target: LogTarget) {
    this.#target = target;
  }

  /** Takes the lines since the last look, at first those since `begin`; each with its time in ms since 1970. */
  async read(
    begin: number,
    take: (line: string, at: number) => void,
    { env, signal }: { readonly env: Readonly<Record<string, string>>; readonly signal: AbortSignal },
  ): Promise<void> {
    const { readLinesForClient } = await import('../../containers/targets/clientEngine');
    const configured = readConfig(handrailFolders(process.env)).config.endpoints;
    const read = await readLinesForClient(
      wantedOf(this.#target),
      { begin: new Date(begin).toISOString(), last: this.#last },
      (time, line) => take(line, Date.parse(time)),
      { env, engine: this.#target.on, configured },
      signal,
    );
    signal.throwIfAborted();
    if (read.kind !== 'read') throw new ProbeFailure(read.message, { unknown: read.kind === 'trouble' });
    this.#last = read.last;
  }
}

function wantedOf(target: LogTarget): Wanted {
  return target.kind === 'container'
    ? { name: target.name }
    : { project: target.project, service: target.service };
}
