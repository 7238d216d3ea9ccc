import type { Log } from './log';

/**
 * Notes what nobody caught, and goes on: one bug must not take away what people have running. All state that
 * matters is on disk.
 */
export function logBugs(log: Log): void {
  process.on('uncaughtException', error => log.error('Nobody caught this', error));
  process.on('unhandledRejection', reason => log.error('Nobody handled this', reason));
}
