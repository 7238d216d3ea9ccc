import { approvalName } from '../../engine/plan/approvals';
import { layOut } from '../../engine/plan/layOut';
import type { RunRequest } from '../../engine/types';
import { realPath } from '../../realPath';
import { decodeSource } from '../../runbook/decode';
import { parseRunbook } from '../../runbook/parseRunbook';
import { UsageError } from '../call';
import { readNamedFile } from '../readNamedFile';
import { candidatesOf } from './candidates';
import { noSuchCell } from './chooseCells';

/**
 * Refuses approvals that no cell of the runbook has the name of, and says what a cell of another one is called. Names
 * with a file are looked at once the plan is made; one that is nobody's approves nothing.
 */
export function checkApprovals(request: RunRequest, approved: readonly string[]): void {
  const candidates = candidatesOf(request);
  const names = approved.filter(name => !/\.md#./i.test(name));
  const unknown = names.find(name => candidates.every(cell => cell.name !== name));
  if (unknown === undefined) return;
  const others = namesElsewhere(request, unknown);
  if (others.length === 0) throw noSuchCell(candidates, unknown);
  const options = others.map(name => `--approve ${name}`).join(' or ');
  throw new UsageError(`there is no cell ${unknown} in this runbook. That of another one: ${options}`);
}

/** What cells of that name are called that the runbook's cells need of other runbooks. */
function namesElsewhere(request: RunRequest, name: string): string[] {
  const runbook = parseRunbook(request.text);
  const indexes = runbook.cells.map(({ index }) => index);
  const readFile = (path: string): string => decodeSource(readNamedFile(path));
  const setting = { runbook, config: undefined, readFile, identify: realPath };
  const { steps } = layOut({ ...request, selection: { kind: 'cells', indexes } }, setting);
  const found = steps.filter(({ cell }) => cell.name === name);
  return [...new Set(found.map(({ cell, book }) => approvalName({ cell, from: book }, request.file)))];
}
