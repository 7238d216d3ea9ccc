import type { Disposable } from 'vscode';
import type { AgentConnection } from '../../agent/client/connection';
import type { ParamsOf } from '../../agent/protocol/message';
import { ackLog, closeLog, logLines, type LogLine, type LogSource } from '../../agent/protocol/logs';
import type { AgentClient } from './agentClient';

/** Some lines of a log that is open. */
export interface LogNews {
  readonly lines: readonly LogLine[];
  readonly sources?: readonly LogSource[];
  /** Containers that are not followed, as there are too many; told with `sources`. */
  readonly leftOut?: number;
  readonly ended: boolean;
  /** There is room for more. */
  taken(): void;
}

/** A log that the agent holds open for this window. */
export interface AgentLog {
  readonly sources: readonly LogSource[];
  close(): Promise<void>;
}

/** What the agent answers when it has opened a log. */
export interface OpenedLog {
  readonly log: number;
  readonly sources: readonly LogSource[];
}

type Told = ParamsOf<typeof logLines>;

/** The logs of the window's connection. They end with it. */
export class AgentLogs implements Disposable {
  readonly #agent: AgentClient;
  readonly #subscription: Disposable;
  readonly #readers = new Map<number, (news: LogNews) => void>();
  /** What came before the answer that names the log. */
  readonly #early = new Map<number, Told>();
  /** Logs that are asked for and not named yet; while there are none, news of unknown ones is of closed ones. */
  #opening = 0;

  constructor(agent: AgentClient) {
    this.#agent = agent;
    this.#subscription = agent.onDidConnect(connection => this.#listen(connection));
    if (agent.connection !== undefined) this.#listen(agent.connection);
  }

  /** Reads a log that the agent was asked for; `take` gets what it tells, one after another. Rejects as the agent does. */
  async open(opened: Promise<OpenedLog>, take: (news: LogNews) => void): Promise<AgentLog> {
    this.#opening += 1;
    try {
      const { log, sources } = await opened;
      const connection = this.#agent.connection;
      this.#readers.set(log, take);
      const early = this.#early.get(log);
      this.#early.delete(log);
      if (early !== undefined && connection !== undefined) this.#take(connection, early);
      return {
        sources,
        close: async () => {
          this.#readers.delete(log);
          if (this.#agent.connection === connection) await connection?.request(closeLog, { log });
        },
      };
    } finally {
      this.#opening -= 1;
      if (this.#opening === 0) this.#early.clear();
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#readers.clear();
  }

  #listen(connection: AgentConnection): void {
    this.#readers.clear();
    this.#early.clear();
    connection.on(logLines, told => {
      if (this.#readers.has(told.log)) this.#take(connection, told);
      else if (this.#opening > 0) this.#early.set(told.log, told);
    });
  }

  #take(connection: AgentConnection, { log, number, lines, sources, leftOut, ended = false }: Told): void {
    this.#readers.get(log)?.({
      lines,
      ended,
      ...(sources !== undefined && { sources }),
      ...(leftOut !== undefined && { leftOut }),
      taken: () => connection.notify(ackLog, { log, number }),
    });
    if (ended) this.#readers.delete(log);
  }
}
