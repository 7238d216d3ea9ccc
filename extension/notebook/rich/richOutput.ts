import * as vscode from 'vscode';
import { readOutput } from '../../../agent/protocol/output';
import type { StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { mostRichBytes, richItems, sniffedItems, type RichItem } from './richItems';

/** What a step printed, as what it is. */
export interface RichOutput {
  readonly output: vscode.NotebookCellOutput;
  /** Whether it shows all that the text says, so that the text may be folded away. */
  readonly isAll: boolean;
}

/**
 * The output of a step that passed as more than text, beside the live one; undefined where it is only text.
 *
 * @param text the end of its output
 */
export async function richOutput(
  agent: AgentClient,
  run: string,
  step: StepRecord,
  text: string,
): Promise<RichOutput | undefined> {
  if (step.state !== 'passed' || step.outputBytes === 0 || step.outputBytes > mostRichBytes) return undefined;
  if (step.mime === undefined) return made(sniffedItems(text), false);
  const { stdout, isAll } = await printed(agent, run, step.index);
  return made(richItems(step.mime, stdout), isAll);
}

function made(items: readonly RichItem[], isAll: boolean): RichOutput | undefined {
  if (items.length === 0) return undefined;
  const output = new vscode.NotebookCellOutput(
    items.map(({ mime, data }) =>
      typeof data === 'string'
        ? vscode.NotebookCellOutputItem.text(data, mime)
        : new vscode.NotebookCellOutputItem(data, mime),
    ),
  );
  return { output, isAll };
}

/** What it wrote to stdout, and whether that is all it wrote. */
async function printed(
  agent: Pick<AgentClient, 'request'>,
  run: string,
  step: number,
): Promise<{ stdout: Uint8Array; isAll: boolean }> {
  const chunks: Uint8Array[] = [];
  let isAll = true;
  for (let after = 0; ;) {
    const { pieces, seq, more } = await agent.request(readOutput, { run, step, after });
    for (const { stream, data } of pieces) {
      if (stream === 'stderr') isAll = false;
      else chunks.push(Buffer.from(data, 'base64'));
    }
    if (!more || seq === after) return { stdout: Buffer.concat(chunks), isAll };
    after = seq;
  }
}
