import { handrailFolders } from './folders';
import { productVersion } from './version';
import { rendezvous } from './rendezvous';
import { Departure } from './server/departure';
import { openDoor } from './server/door';
import { IdleExit, idleTime } from './server/idleExit';
import { LazyEngine } from './server/lazyEngine';
import { LocalAgent } from './server/localAgent';
import { openLog } from './server/log';
import { logBugs } from './server/logBugs';
import { openEngine } from './server/openEngine';
import { retireOlder } from './server/retireOlder';
import { takeStdio } from './server/stdio';

process.umask(0o077);
const folders = handrailFolders(process.env);
const place = rendezvous(folders, productVersion);
const log = openLog(folders.logs);
const departure = new Departure(log);
const leave = (reason: string): void => departure.leave(reason);
const engine = new LazyEngine(() => openEngine(folders, log));
const agent = new LocalAgent({ version: productVersion, folders, log, engine, leave });

departure.add('log', () => log.close());
logBugs(log);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, leave);
if (process.argv.includes('--stdio')) serveStdio();
else void serveSocket();

/** One client, whoever started us; we end with it. */
function serveStdio(): void {
  departure.add('engine', () => engine.close());
  const client = agent.serve(takeStdio(), undefined);
  departure.add('client', () => agent.dismissClients('the agent leaves'));
  void client.closed.then(leave);
}

/** All clients of this user, until nothing has gone on for a while. */
async function serveSocket(): Promise<void> {
  const door = await openDoor(place, log, (wire, token) => agent.serve(wire, token));
  if (door === undefined) return log.info('Another agent is there already');
  log.info('Listening', { version: productVersion, socket: place.socket });
  agent.socket = place.socket;
  departure.add('lock', () => door.release());
  departure.add('engine', () => engine.close());
  departure.add('clients', () => agent.dismissClients('the agent leaves'));
  departure.add('door', () => door.close());
  engine.tryToOpen(log);
  const idle = new IdleExit(
    idleTime(process.env),
    () => agent.activity(),
    () => leave('nothing going on'),
  );
  departure.add('idle', () => idle.stop());
  agent.onActivity(() => idle.changed());
  await retireOlder(folders, productVersion, log);
}
