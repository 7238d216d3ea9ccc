import * as vscode from 'vscode';

/** A cell that asks before it runs, as the agent names it. */
export interface Approval {
  readonly name: string;
  readonly line: number;
  /** The author's question, where there is one. */
  readonly text?: string;
  /** What would run. */
  readonly command?: string;
}

/** Asks for each; whether all were approved. The safe answer comes first, since a modal focuses the first. */
export async function askApproval(approvals: readonly Approval[]): Promise<boolean> {
  for (const [i, approval] of approvals.entries()) {
    const run = `Run ${approval.name}`;
    const answer = await vscode.window.showWarningMessage(
      approval.text ?? `Run ${approval.name} on this machine?`,
      { modal: true, detail: detail(approval, i, approvals.length) },
      // Not as a close affordance: those are not focused first.
      { title: 'Do Not Run' },
      { title: run },
    );
    if (answer?.title !== run) return false;
  }
  return true;
}

function detail({ name, line, command }: Approval, i: number, total: number): string {
  const place = `${name} · line ${String(line)} · on this machine`;
  const count = total > 1 ? [`Approval ${String(i + 1)} of ${String(total)}`] : [];
  return [...count, place, ...(command === undefined ? [] : ['', command.trimEnd()])].join('\n');
}
