import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** Which test shows that a fault is survived; those in this folder go through the real program and its agent. */
const whereTested: Readonly<Record<string, readonly string[]>> = {
  '1 agent killed while idle, during a step, during a write': ['faults/agentKilled.real'],
  '1 agent killed during start': ['agent/server/agentProcess.real: killed while it starts'],
  '1 store killed in the middle of writing': ['agent/store/trouble: before a kill, in the middle of writing'],
  '2 window reloaded or closed': [
    'vscode/suites/reload',
    'vscode/suites/attaching: when it is closed and opened again',
  ],
  '3 extension host killed': ['extension/packaged/hostKilled.real'],
  '4 unruly cells': [
    'faults/cells.real',
    'agent/executors/stopping.real: what a cell leaves behind',
    'agent/cli/run.real: kills at the second Ctrl-C what ignores the first',
    'agent/secrets/createRedactor: lets no secret through, however it is encoded and cut',
  ],
  '5 disk full or read-only, history corrupt, locked, newer': ['faults/storage.real', 'agent/store/trouble'],
  '6 clock set back': ['faults/clock.real', 'agent/store/trouble: whatever the clock says'],
  '7 several at one runbook at the same time': ['faults/together.real', 'agent/store/locks'],
  '8 hostile bytes on the socket, a client that never reads': ['agent/server/connections'],
  '9 container or engine gone while a cell runs': ['faults/engineGone.real'],
  '9 engine restarted, hung, gone while somebody looks on': [
    'agent/containers/live/liveEngine.real: comes back after the engine was killed',
    'agent/containers/live/liveEngine.real: sees what happened while it was away',
    'agent/containers/live/liveEngine.real: tells that it does not answer, and comes back by itself',
    'agent/containers/live/liveEngine.real: tells that its socket has gone, and sees it come back',
    'agent/containers/logs/mergedLog.real: go on over a restart of the engine: no line lost, none doubled',
    'vscode/suites/containers: shows that the engine has gone, keeps what was known, and comes back',
    'vscode/suites/logs: goes on over a restart of container, engine and agent',
  ],
  '9 socket without permission': [
    'agent/containers/engine/ways.real: tell who may not open a socket how to get the right',
  ],
  '9 container removed while its logs, shell or stats are open': [
    'agent/containers/logs/mergedLog.real: go on over restarts of the container: no line lost',
    'agent/server/engineRequests.real: say that a container has gone under its shell',
    'agent/server/engineRequests.real: go on telling what others use when one has gone',
    'agent/containers/exec/openExec.real: that begin while their container is removed say so',
  ],
  '9 agent killed with a shell open in a container': [
    'agent/containers/exec/openExec.real: end when whoever looks on is killed',
  ],
  '9 image whose pull breaks off': ['agent/executors/container/imageCells.real: or say how they broke off'],
  '11 host asleep': ['faults/asleep.real'],
  '12 runbook deleted, renamed, replaced, made invalid': [
    'faults/runbookChanged.real',
    'agent/engine/run/continueRun',
  ],
  '13 hostile runbook': [
    'faults/hostileRunbook.real',
    'agent/runbook/parseRunbook: hostile text',
    'agent/engine/run/gitState: without running what the repository names',
    'extension/renderer/typing.real: lets nothing of what is printed out',
    'vscode/suites/restricted',
  ],
};

describe('the faults that must be survived', () => {
  for (const [fault, places] of Object.entries(whereTested)) {
    it(fault, () => {
      for (const place of places) {
        const [file = '', title = ''] = place.split(': ');
        const name = file.startsWith('vscode/') ? `${file}.ts` : `${file}.test.ts`;
        const text = readFileSync(resolve(import.meta.dirname, '..', name), 'utf8');
        assert.ok(text.includes(title), `${name} has nothing about: ${title}`);
      }
    });
  }
});
