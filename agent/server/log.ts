import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeFolder } from '../makeFolder';

/** What the agent notes about itself: constant text, data apart, never a secret or a cell's output. */
export interface Log {
  info(text: string, data?: Readonly<Record<string, unknown>>): void;
  warn(text: string, data?: Readonly<Record<string, unknown>>): void;
  /** With the stack and causes of `error`. */
  error(text: string, error: unknown, data?: Readonly<Record<string, unknown>>): void;
  close(): void;
}

const largest = 5 * 1024 * 1024;

/** The file in the logs folder. */
export function logFile(logs: string): string {
  return path.join(logs, 'agent.log');
}

/**
 * Opens the log for appending. A file of 5 MB becomes `agent.log.1` and a new one begins. Where the folder cannot be
 * written the log goes to stderr: an agent works without one.
 */
export function openLog(logs: string): Log {
  const sink = openSink(logs);
  const line = (level: string, text: string, data?: Readonly<Record<string, unknown>>): void => {
    const rest = data === undefined ? '' : ` ${JSON.stringify(data)}`;
    sink.write(`${new Date().toISOString()} ${level} [${String(process.pid)}] ${text}${rest}\n`);
  };
  return {
    info: (text, data) => line('info ', text, data),
    warn: (text, data) => line('warn ', text, data),
    error: (text, error, data) => line('error', text, { ...data, error: describe(error) }),
    close: () => sink.close(),
  };
}

interface Sink {
  write(line: string): void;
  close(): void;
}

function openSink(logs: string): Sink {
  const stderr: Sink = { write: line => void process.stderr.write(line), close: () => undefined };
  try {
    makeFolder(logs);
    return new LogFile(logFile(logs), stderr);
  } catch (error) {
    stderr.write(`No log file: ${describe(error)}\n`);
    return stderr;
  }
}

class LogFile implements Sink {
  readonly #path: string;
  readonly #otherwise: Sink;
  #file: number | undefined;
  #size: number;

  constructor(path: string, otherwise: Sink) {
    this.#path = path;
    this.#otherwise = otherwise;
    this.#file = fs.openSync(path, 'a', 0o600);
    this.#size = fs.fstatSync(this.#file).size;
  }

  write(line: string): void {
    try {
      if (this.#size > largest) this.#rotate();
      if (this.#file !== undefined) this.#size += fs.writeSync(this.#file, line);
    } catch (error) {
      // A full disk must not end the agent; what it says may still reach somebody.
      this.#otherwise.write(`${describe(error)}: ${line}`);
    }
  }

  close(): void {
    if (this.#file !== undefined) fs.closeSync(this.#file);
    this.#file = undefined;
  }

  #rotate(): void {
    this.close();
    fs.renameSync(this.#path, `${this.#path}.1`);
    this.#file = fs.openSync(this.#path, 'a', 0o600);
    this.#size = 0;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by: ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
