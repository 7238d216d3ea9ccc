import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import type { StepRecord } from '../../../agent/protocol/runs';
import { parseRunbook } from '../../../agent/runbook/parseRunbook';
import { leftUndone, undoLabel, type ShownStep } from '../../../extension/notebook/leftUndone';
import { someStep } from '../../support/someRuns';

describe('what a run that failed has left to undo', () => {
  const runbook = parseRunbook(
    ['a rollback=undo-a', 'undo-a exclude', 'b rollback=undo-b', 'undo-b exclude', 'c']
      .map(head => `\`\`\`sh {name=${head}}\ntrue\n\`\`\`\n`)
      .join('\n'),
  );
  const cellAt = (index: number): vscode.NotebookCell => ({ index }) as vscode.NotebookCell;
  const passed = { state: 'passed', startedAt: 1, endedAt: 2 } as const;
  const failed = { state: 'failed', reason: 'exit', startedAt: 3, endedAt: 4 } as const;
  const cases: readonly (readonly [
    what: string,
    steps: Record<number, [string, Partial<StepRecord>]>,
    left: string,
  ])[] = [
    ['all that passed in it', { 0: ['r', passed], 2: ['r', passed], 4: ['r', failed] }, 'a b'],
    ['what ended midway', { 0: ['r', failed], 4: ['r', failed] }, 'a'],
    ['nothing that it did not do', { 0: ['q', passed], 4: ['r', failed] }, ''],
    [
      'nothing that never began',
      { 0: ['r', { state: 'failed', reason: 'error', startedAt: 1 }], 4: ['r', failed] },
      '',
    ],
    [
      'nothing that was undone since, but what was undone before',
      {
        0: ['r', passed],
        1: ['s', { ...passed, startedAt: 5 }],
        2: ['r', passed],
        3: ['q', { ...passed, startedAt: 0 }],
        4: ['r', failed],
      },
      'b',
    ],
    ['nothing where it passed', { 0: ['r', passed], 4: ['r', passed] }, ''],
  ];
  for (const [what, steps, left] of cases)
    it(what, () => {
      const shownBy = (cell: vscode.NotebookCell): ShownStep | undefined => {
        const found = steps[cell.index];
        return found && { run: found[0], step: { ...someStep, ...found[1] } };
      };
      const last = shownBy(cellAt(4));
      assert.ok(last);
      assert.equal(leftUndone(last, { runbook, cellAt }, shownBy).join(' '), left);
    });

  it('is offered by name, or counted', () => {
    assert.deepEqual(
      [[], ['a'], ['a', 'b']].map(names => undoLabel(names)?.text),
      [undefined, 'Roll back a', 'Roll back 2 cells'],
    );
  });
});
