import { HandrailError } from '../../protocol/errors';
import type { AuditEntry, AuditLog } from '../types';

type Details = AuditEntry['details'];

/** Writes what somebody does to one engine or cluster into the audit log. */
export class ActionAudit {
  readonly #log: AuditLog;
  readonly #by: string;
  readonly #common: Details;
  readonly #report: (error: unknown) => void;

  /** `where`: which one, as each row tells. `report` gets what could not be logged although it has happened. */
  constructor(
    log: AuditLog,
    { by, where, report }: { by: string; where: Details; report: (error: unknown) => void },
  ) {
    this.#log = log;
    this.#by = by;
    this.#common = where;
    this.#report = report;
  }

  /** Does something, with a row before and one after. Throws HandrailError `store`: what is not logged is not done. */
  async around<T>(
    action: string,
    subject: string,
    details: Details,
    act: () => Promise<T>,
    outcome: (done: T) => Details = () => ({ outcome: 'done' }),
  ): Promise<T> {
    this.#append(`${action}.started`, subject, details);
    try {
      const done = await act();
      this.#note(`${action}.ended`, subject, { ...details, ...outcome(done) });
      return done;
    } catch (error) {
      const message = error instanceof Error ? error.message.slice(0, 500) : String(error);
      this.#note(`${action}.ended`, subject, { ...details, outcome: 'failed', message });
      throw error;
    }
  }

  /** What has happened is told all the same. */
  #note(action: string, subject: string, details: Details): void {
    try {
      this.#append(action, subject, details);
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      this.#report(error);
    }
  }

  #append(action: string, subject: string, details: Details): void {
    this.#log.append({ action, actor: this.#by, subject, details: { ...this.#common, ...details } });
  }
}
