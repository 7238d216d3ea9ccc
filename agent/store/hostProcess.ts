import { createHash } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import * as os from 'node:os';
import { exists, isInContainer, seesAll, startTimeOf } from '../processTable';
import { bootId } from './bootId';
import type { HostProcess } from './types';

/** This process. */
export function thisHost(): HostProcess {
  return { pid: process.pid, startTime: [startTimeOf(process.pid) ?? '', ...ourPlace()].join(separator) };
}

/**
 * Whether that very process is still there; another one with its pid is not it. One of another machine, or of another
 * container as seen from within one, may share our files and cannot be seen from here: it counts as alive.
 */
export function isHostAlive({ pid, startTime }: HostProcess): boolean {
  const [time = '', ...place] = startTime.split(separator);
  const where = whereIs(place, time, pid);
  if (where !== 'here') return where === 'elsewhere';
  if (!exists(pid)) return false;
  const found = startTimeOf(pid);
  // Linux tells the start time of whatever is alive; elsewhere a process may have to be told by its pid alone.
  return found === undefined ? process.platform !== 'linux' || time === '' : found === time;
}

/** Whether it is a process that can be seen from here, alive. */
export function isHere(host: HostProcess): boolean {
  const [time = '', ...place] = host.startTime.split(separator);
  return whereIs(place, time, host.pid) === 'here' && isHostAlive(host);
}

const separator = '~';

/** Start of the system, pid namespace, name of the machine: within the first two a pid and a start time are unique. */
type Place = readonly string[];

/** The namespace of the machine itself: https://man7.org/linux/man-pages/man7/namespaces.7.html */
const machine = '4026531836';

let place: Place | undefined;

function ourPlace(): Place {
  return (place ??= process.platform === 'linux' ? readPlace() : []);
}

function readPlace(): Place {
  try {
    const boot = bootId();
    if (boot === '') return [];
    const namespace = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '');
    const name = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 8);
    return [boot, namespace, name];
  } catch {
    // Without /proc it is told by its pid, as on other systems.
    return [];
  }
}

function whereIs(
  [boot, namespace, name]: Place,
  startTime: string,
  pid: number,
): 'here' | 'elsewhere' | 'gone' {
  const [ourBoot, ourNamespace, ourName] = ourPlace();
  if (boot === undefined || ourBoot === undefined) return 'here';
  if (boot !== ourBoot) return name === ourName ? 'gone' : 'elsewhere';
  if (namespace === ourNamespace) return 'here';
  if (ourNamespace === machine && seesAll()) return isInContainer(pid, startTime) ? 'elsewhere' : 'gone';
  // A container that was started again has a new namespace and its former name.
  const isOlder = Number(startTime) < Number(startTimeOf(1) ?? 0);
  return name === ourName && namespace !== machine && isOlder ? 'gone' : 'elsewhere';
}
