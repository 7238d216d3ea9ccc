import type { CheckType } from './checkType';
import { alertmanager } from './alertmanager';
import { command } from './command';
import { container } from './container';
import { workload } from './workload';
import { drift } from './drift';
import { log } from './log';
import { dns } from './dns';
import { file } from './file';
import { grpc } from './grpc';
import { http } from './http';
import { icmp } from './icmp';
import { disk, load, memory } from './machine';
import { port } from './port';
import { processCheck } from './processCheck';
import { prometheus } from './prometheus';
import { tcp } from './tcp';
import { tls } from './tls';

/** Every type of check by its name. */
export const checkTypes: ReadonlyMap<string, CheckType> = new Map(
  [
    http,
    tcp,
    tls,
    dns,
    icmp,
    grpc,
    prometheus,
    alertmanager,
    command,
    processCheck,
    port,
    file,
    disk,
    memory,
    load,
    log,
    drift,
    workload,
    container,
  ].map(type => [type.name, type as unknown as CheckType]),
);
