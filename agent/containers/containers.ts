import { readConfig } from '../config/readConfig';
import type { Folders } from '../folders';
import type { Endpoint } from '../protocol/endpoints';
import { join } from 'node:path';
import { findEndpoints } from './endpoints/findEndpoints';
import type { FileProblem, Found, FoundEndpoint } from './endpoints/foundEndpoint';
import { tlsWord } from './endpoints/foundEndpoint';
import { WatchedPlaces } from '../watchedPlaces';
import { Engine } from './engine/engine';

/** Container engines: found, and each with all that can be asked of it and done to it. */
export interface Containers {
  /** The engines that a client with this environment could use. `kept`: ids that stay although their socket has gone. */
  find(env: Readonly<Record<string, string>>, kept?: ReadonlySet<string>): Found;
  /** Calls back when files or sockets change that were found out by {@link find}; `watch` names them. */
  watchPlaces(changed: () => void): Pick<WatchedPlaces, 'watch' | 'close'>;
  /** The same for all clients that reach it the same way; contacted at its first use. */
  engine(endpoint: FoundEndpoint): Engine;
  /** As the protocol tells of it, with its state. */
  told(endpoint: FoundEndpoint): Endpoint;
  close(): void;
}

/** `report` gets bugs. */
export function createContainers(parts: {
  readonly folders: Pick<Folders, 'config'>;
  readonly report: (error: unknown) => void;
}): Containers {
  const { folders, report } = parts;
  const engines = new Map<string, Engine>();
  const known = (endpoint: FoundEndpoint): Engine | undefined => engines.get(keyOf(endpoint));
  return {
    find(env, kept) {
      const { config, problems } = readConfig(folders);
      const searcher = {
        env,
        configured: config.endpoints,
        uid: process.getuid?.() ?? 0,
        platform: process.platform,
      };
      const found = findEndpoints({ ...searcher, ...(kept && { kept }) });
      const own = problems.map(({ file, line, column, message, hint }): FileProblem => {
        return {
          file,
          message: `line ${line}, column ${column}: ${message}`,
          ...(hint !== undefined && { hint }),
        };
      });
      return {
        ...found,
        problems: [...found.problems, ...own],
        places: [...found.places, join(folders.config, 'config.yaml')],
      };
    },
    watchPlaces: changed => new WatchedPlaces(changed, report),
    engine(endpoint) {
      const engine = known(endpoint) ?? new Engine(endpoint, report);
      engines.set(keyOf(endpoint), engine);
      return engine;
    },
    told: endpoint => ({
      id: endpoint.id,
      name: endpoint.name,
      source: endpoint.source,
      address: endpoint.address,
      current: endpoint.current,
      tls: tlsWord(endpoint),
      state: known(endpoint)?.live.state ?? { kind: 'idle' },
    }),
    close() {
      for (const engine of engines.values()) engine.close();
      engines.clear();
    },
  };
}

/** Who reaches an engine the same way, shares it. */
function keyOf({ id, address, tls, remote, env, invalid }: FoundEndpoint): string {
  // Nothing but ssh reads the environment.
  const read = address.startsWith('ssh:') ? env : undefined;
  return JSON.stringify([id, address, tls, remote, read, invalid]);
}
