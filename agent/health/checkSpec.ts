import type { Position } from '../runbook/model';
import type { Condition } from './conditions/condition';
import type { MaintenanceWindow } from './maintenance';
import type { CheckCommand, Probe } from './types/checkType';

/** A check as its file says it, ready to be carried out. */
export interface CheckSpec extends Position {
  /** Unique within its file. */
  readonly name: string;
  readonly type: string;
  /** Absolute path of the file it stands in; the place is that of its entry. */
  readonly file: string;
  readonly group: string | undefined;
  readonly tags: readonly string[];
  readonly description: string | undefined;
  /** Milliseconds from one probe to the next. */
  readonly every: number;
  /** Milliseconds that a probe may take. */
  readonly timeout: number;
  /** Probes in a row that fail before the check is down. */
  readonly failures: number;
  /** Probes in a row that pass before it is up again. */
  readonly successes: number;
  readonly up: Condition;
  readonly degraded: Condition | undefined;
  /** What to do when it is down: `path#section`, the path from the folder of the check's file. */
  readonly runbook: string | undefined;
  readonly inputs: Readonly<Record<string, string>>;
  /** Names of checks in the same file: while one of them is down, nobody is told of this one. */
  readonly needs: readonly string[];
  /** Times in which nobody is told of it. */
  readonly maintenance: readonly MaintenanceWindow[];
  /** What it looks at: `http://127.0.0.1:8080/health`. */
  readonly subject: string;
  /** What it runs, where it runs something. */
  readonly command?: CheckCommand;
  readonly probe: Probe;
}

/** What one probe found. */
export interface CheckResult {
  readonly state: 'up' | 'degraded' | 'down' | 'unknown';
  /** Milliseconds the probe took. */
  readonly ms: number;
  /** Why it is not up, in words; empty where it is. */
  readonly message: string;
  /** Values as JSON has them: lengths of time are milliseconds. */
  readonly values: Readonly<Record<string, unknown>>;
}
