import type Docker from 'dockerode';

/** An engine that answers. */
export interface OpenEngine {
  readonly docker: Docker;
  /** Whether it is on this machine, so that it can mount folders of it. */
  readonly isLocal: boolean;
}
