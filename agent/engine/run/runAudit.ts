import { HandrailError } from '../../protocol/errors';
import type { RunRecord, StepRecord } from '../../protocol/runs';
import type { AuditEntry, AuditLog } from '../../store/types';
import type { PlannedStep } from '../types';

type Details = AuditEntry['details'];

/** Writes what one run does into the audit log. */
export class RunAudit {
  readonly #log: AuditLog;
  readonly #run: RunRecord;

  constructor(log: AuditLog, run: RunRecord) {
    this.#log = log;
    this.#run = run;
  }

  /** Throws HandrailError `store`: what is not logged must not be done. */
  began(): void {
    const { file, textHash, stepsTotal, by } = this.#run;
    this.#append('run.started', file, { hash: textHash, steps: stepsTotal, by });
  }

  /** Throws HandrailError `store`. */
  stepStarts({ cell, key, from, options }: PlannedStep): void {
    this.#append('step.started', cell.name, { file: from.file, hash: key.hash, target: options.target });
  }

  /** Throws HandrailError `store`. */
  secretUsed(name: string, provider: string, step: string): void {
    this.#append('secret.used', name, { provider, step });
  }

  /** Why it could not be logged, where it could not: it has happened all the same. */
  stepEnded({ name, state, exit }: StepRecord): string | undefined {
    return this.#note('step.ended', name, { state, ...(exit === undefined ? {} : { exit }) });
  }

  /** Throws HandrailError `store`: an approval that is not logged is none. */
  approved(step: string, by: string): void {
    this.#append('step.approved', step, { by });
  }

  declined(step: string, by: string): string | undefined {
    return this.#note('step.declined', step, { by });
  }

  cancelled(): string | undefined {
    return this.#note('run.cancelled', this.#run.file, {});
  }

  #note(action: string, subject: string, details: Details): string | undefined {
    try {
      this.#append(action, subject, details);
      return undefined;
    } catch (error) {
      if (!(error instanceof HandrailError)) throw error;
      return error.message;
    }
  }

  #append(action: string, subject: string, details: Details): void {
    const { id, user, by } = this.#run;
    this.#log.append({ action, actor: `${user} via ${by}`, subject, details: { run: id, ...details } });
  }
}
