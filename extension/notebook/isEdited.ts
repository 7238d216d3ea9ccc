import type { StepRecord } from '../../agent/protocol/runs';
import { hashText } from '../../agent/runbook/cellKey';
import type { Cell } from '../../agent/runbook/model';

/**
 * Whether a cell has another text now than when its step ran. What ran may be another one all the same: inputs and
 * placeholders were filled in.
 */
export function isEdited({ key }: Pick<StepRecord, 'key'>, { text }: Pick<Cell, 'text'>): boolean {
  return key.hash !== hashText(text);
}
