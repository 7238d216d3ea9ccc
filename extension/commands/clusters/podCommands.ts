import type { commands } from '../names';
import type { ClusterParts } from './clusterCommands';
import { copyForwardCommand, openForwarded, startAgain, startForwarding, stopForwarding } from './forwarding';
import { describe, showAsKubectl } from './looking';
import { showPodLogs, showPodLogsWith } from './podLogs';
import { execIn, openDebug, openPodShell } from './podTerminals';

/** The commands that look at pods and connect with them, by their keys. `first`: a menu's row; `second`: all selected. */
export function podCommands(parts: ClusterParts) {
  return {
    showPodLogs: (first, second) => showPodLogs(parts, [first, second]),
    showPodLogsWith: (first, second) => showPodLogsWith(parts, [first, second]),
    openPodShell: (first, second) => openPodShell(parts, [first, second]),
    execInPod: first => execIn(parts, first),
    debugPod: first => openDebug(parts, first),
    describeObject: first => describe(parts, first),
    showAsKubectl: first => showAsKubectl(parts, first),
    forwardPort: first => startForwarding(parts, first),
    openForward: first => openForwarded(parts, first),
    startForward: first => startAgain(parts, first),
    stopForward: first => stopForwarding(parts, first),
    copyForwardCommand: first => copyForwardCommand(parts, first),
  } satisfies Partial<Record<keyof typeof commands, (first: unknown, second: unknown) => unknown>>;
}
