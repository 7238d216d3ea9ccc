import { handrailFolders } from './folders';
import { rendezvous } from './rendezvous';
import { Departure } from './server/departure';
import { openDoor } from './server/door';
import { ForeignRuns } from './server/foreignRuns';
import { IdleExit, idleTime } from './server/idleExit';
import { keepDoor } from './server/keepDoor';
import { LazyEngine } from './server/lazyEngine';
import { LocalAgent } from './server/localAgent';
import { openLog } from './server/log';
import { logBugs } from './server/logBugs';
import { openEngine } from './server/openEngine';
import { retireOlder } from './server/retireOlder';
import { takeStdio } from './server/stdio';
import { productVersion } from './version';

async function main(): Promise<void> {
  process.umask(0o077);
  const folders = handrailFolders(process.env);
  const place = rendezvous(folders, productVersion);
  const log = openLog(folders.logs);
  const departure = new Departure(log);
  const leave = (reason: string): void => departure.leave(reason);
  const engine = new LazyEngine(() => openEngine(folders, log));
  const agent = new LocalAgent({ version: productVersion, folders, log, engine, leave });
  departure.add('log', () => log.close());
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);
  logBugs(log);
  if (process.argv.includes('--stdio')) serveStdio();
  else await serveSocket();

  /** One client, whoever started us; we end with it. */
  function serveStdio(): void {
    departure.add('engines and clusters', () => agent.closeAreas());
    departure.add('engine', () => engine.close());
    const client = agent.serve(takeStdio(), undefined);
    departure.add('client', () => agent.dismissClients('the agent leaves'));
    void client.closed.then(leave);
  }

  /** All clients of this user, until nothing has gone on for a while. */
  async function serveSocket(): Promise<void> {
    const door = await openDoor(place, log, keepDoor(agent));
    if (door === undefined) return log.info('Another agent is there already');
    log.info('Listening', { version: productVersion, socket: place.socket });
    agent.socket = place.socket;
    departure.add('lock', () => door.release());
    departure.add('engines and clusters', () => agent.closeAreas());
    departure.add('engine', () => engine.close());
    departure.add('clients', () => agent.dismissClients('the agent leaves'));
    departure.add('door', () => door.close());
    engine.tryToOpen(log);
    watchActivity();
    await retireOlder(folders, productVersion, log);
  }

  /** Leaves when there is none; tells clients of runs that go on elsewhere. */
  function watchActivity(): void {
    const idle = new IdleExit(
      idleTime(process.env),
      () => agent.activity(),
      () => leave('nothing going on'),
    );
    const foreign = new ForeignRuns({
      data: folders.data,
      feed: agent.feed,
      log,
      engine: () => engine.opened,
      isWanted: () => agent.clientCount() > 0,
    });
    departure.add('idle', () => idle.stop());
    departure.add('foreign runs', () => foreign.stop());
    agent.onActivity(() => idle.changed());
    agent.onActivity(() => foreign.lookSoon());
  }
}

main().catch((error: unknown) => {
  // Whoever started us shows the last line of this.
  process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n${String(error)}\n`);
  process.exit(1);
});
