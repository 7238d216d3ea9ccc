import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

type Answer = Readonly<Record<string, unknown>>;

/** An event as the engine sends it; https://docs.docker.com/reference/api/engine/version/v1.41/#tag/System/operation/SystemEvents */
export interface EngineEvent {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
  readonly time: number;
  readonly timeNano: number;
  readonly [name: string]: unknown;
}

/** A row of `GET /containers/json`. */
export interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly [name: string]: unknown;
}

/** What a real engine answered; made by `record.ts`. */
export interface Recording {
  readonly version: Answer;
  readonly info: Answer;
  readonly images: readonly Answer[];
  readonly volumes: Answer;
  readonly networks: readonly Answer[];
  /** Containers in different states: as listed, and as inspected. */
  readonly containers: readonly ListedContainer[];
  readonly inspected: readonly Answer[];
  /** One event of a container for each action. */
  readonly events: readonly EngineEvent[];
  /** One sample of a running container. */
  readonly stats: Answer;
}

export const recordingFile = join(import.meta.dirname, 'recorded.json');

export async function readRecording(): Promise<Recording> {
  return JSON.parse(await readFile(recordingFile, 'utf8')) as Recording;
}
