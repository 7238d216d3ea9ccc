import * as vscode from 'vscode';
import { readOutput } from '../../../agent/protocol/output';
import type { StepRecord } from '../../../agent/protocol/runs';
import type { AgentClient } from '../../agent/agentClient';
import { mostRichBytes, richItems, sniffedItems } from './richItems';

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
): Promise<vscode.NotebookCellOutput | undefined> {
  if (step.state !== 'passed' || step.outputBytes === 0 || step.outputBytes > mostRichBytes) return undefined;
  const items =
    step.mime === undefined
      ? sniffedItems(text)
      : richItems(step.mime, await stdoutOf(agent, run, step.index));
  if (items.length === 0) return undefined;
  return new vscode.NotebookCellOutput(
    items.map(({ mime, data }) =>
      typeof data === 'string'
        ? vscode.NotebookCellOutputItem.text(data, mime)
        : new vscode.NotebookCellOutputItem(data, mime),
    ),
  );
}

async function stdoutOf(agent: AgentClient, run: string, step: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let after = 0; ;) {
    const { pieces, seq, more } = await agent.request(readOutput, { run, step, after });
    for (const { stream, data } of pieces) if (stream !== 'stderr') chunks.push(Buffer.from(data, 'base64'));
    if (!more || seq === after) return Buffer.concat(chunks);
    after = seq;
  }
}
