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
