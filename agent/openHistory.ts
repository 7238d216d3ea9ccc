import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { readConfig } from './config/readConfig';
import type { Folders } from './folders';
import { StoredAuditLog } from './store/audit/auditLog';
import { openStore } from './store/openStore';
import { defaultRetention } from './store/prune';
import type { Retention } from './store/prune';
import type { AuditLog, RunStore } from './store/types';

/**
 * Opens the history as the person's configuration asks for: how much of it is kept, and where the audit log is copied
 * to. Every face opens it by this, so that none of them removes what another one keeps. `toRead`: also where it can only
 * be read. Throws HandrailError `store`.
 */
export function openHistory(
  folders: Pick<Folders, 'data' | 'config'>,
  { toRead = false }: { toRead?: boolean } = {},
): RunStore {
  const { config, problems } = readConfig(folders);
  const { retention, audit } = config;
  // A slip of the pen must not remove what somebody meant to keep.
  const isUnreadable = problems.length > 0;
  return openStore(folders.data, {
    toRead,
    retention: isUnreadable ? { bytes: Infinity } : retentionOf(retention),
    ...(audit.copy === undefined ? {} : { auditCopy: pathOf(audit.copy, folders.config) }),
  });
}

/**
 * Opens the audit log alone: a history that is damaged or of a newer version is not in its way. `notice`: told what a
 * person should know; `toRead`: also where it can only be read. Throws nothing before it is used.
 */
export function openAuditLog(
  folders: Pick<Folders, 'data' | 'config'>,
  notice: (text: string) => void,
  { toRead = false }: { toRead?: boolean } = {},
): AuditLog & { close(): void } {
  const { copy } = readConfig(folders).config.audit;
  return new StoredAuditLog({
    folder: folders.data,
    copy: copy === undefined ? undefined : pathOf(copy, folders.config),
    notice,
    toRead,
  });
}

/** What is not said is as it is without configuration. */
function retentionOf({ runs, age, size }: ReturnType<typeof readConfig>['config']['retention']): Retention {
  return {
    ...defaultRetention,
    ...(runs === undefined ? {} : { runs }),
    ...(age === undefined ? {} : { ageMs: age }),
    ...(size === undefined ? {} : { bytes: size }),
  };
}

/** `~/` is the home folder; what is relative is so to the configuration. */
function pathOf(path: string, folder: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path);
}
