import { join } from 'node:path';
import { openDatabase, suspectDamage } from '../openDatabase';
import { isCorrupt, storeError } from '../storeError';
import type { AuditEntry, AuditLog, AuditRow } from '../types';
import { AuditChain } from './auditChain';
import { AuditCopy } from './auditCopy';
import { AuditHead } from './auditHead';
import { auditMigrations } from './auditMigrations';
import { auditRowOf } from './auditRow';

/** How the log is kept. */
export interface AuditSetting {
  /** Folder of its files. */
  readonly folder: string;
  /** Path of a file that takes a copy of each row, as JSON lines. */
  readonly copy?: string | undefined;
  /** How long another process's write is waited for, in milliseconds. */
  readonly patience?: number | undefined;
  /** Opens it also where it can only be read. */
  readonly toRead?: boolean | undefined;
  /** Told what a person should know. */
  readonly notice: (text: string) => void;
}

/** The audit log on disk, opened when first needed. */
export class StoredAuditLog implements AuditLog {
  readonly #setting: AuditSetting;
  readonly #path: string;
  readonly #copy: AuditCopy | undefined;
  #chain: AuditChain | undefined;

  constructor(setting: AuditSetting) {
    this.#setting = setting;
    this.#path = join(setting.folder, kind.name);
    this.#copy = setting.copy === undefined ? undefined : new AuditCopy(setting.copy, setting.notice);
  }

  append(entry: AuditEntry): void {
    this.#do(chain => chain.append(entry));
  }

  list({ limit, before }: { limit: number; before?: number }): AuditRow[] {
    return this.#do(chain => chain.list(limit, before ?? Number.MAX_SAFE_INTEGER).map(auditRowOf));
  }

  verify(): ReturnType<AuditLog['verify']> {
    return this.#do(chain => chain.verify());
  }

  runs(): ReadonlySet<string> {
    return this.#do(chain => chain.runs());
  }

  close(): void {
    this.#chain?.close();
    this.#chain = undefined;
    this.#copy?.close();
  }

  #do<T>(action: (chain: AuditChain) => T): T {
    try {
      return action((this.#chain ??= this.#open()));
    } catch (error) {
      const worded = storeError(error, this.#path);
      if (isCorrupt(worded)) suspectDamage(this.#path);
      throw worded;
    }
  }

  #open(): AuditChain {
    const { folder, patience, toRead, notice } = this.#setting;
    const { db, setAside, unwritable } = openDatabase(folder, kind, { patience, toRead });
    const head = new AuditHead(join(folder, 'audit.head'));
    const chain = new AuditChain({ db, head, copy: this.#copy, onlyRead: unwritable !== undefined });
    if (setAside !== undefined) {
      notice(`The audit log was damaged and a new one is begun; the old one is ${setAside}`);
      chain.beginAnew(setAside);
    }
    return chain;
  }
}

const kind = { name: 'audit.db', migrations: auditMigrations } as const;
