import * as vscode from 'vscode';
import { type ConflictChoice, editObject } from '../../../agent/protocol/clusterManifests';
import type { ResultOf } from '../../../agent/protocol/message';
import type { AgentClient } from '../../agent/agentClient';
import { errorText } from '../../agent/errorText';
import type { OpenedObject } from '../../clusters/editedObjects';
import type { ComparedPages } from '../../clusters/comparedPages';
import { pick } from '../../quickInput';
import { confirmedOn } from './confirmedOn';

export interface ReviewParts {
  readonly agent: AgentClient;
  readonly pages: ComparedPages;
  readonly problems: vscode.DiagnosticCollection;
}

type Answer = ResultOf<typeof editObject>;

const goOn = 'Go On Editing';

/**
 * Shows what would come of an edited object by the server's dry run, beside what runs, and applies it where the person says
 * so. Rejects where it is not applied, with the reason: the document keeps its changes. To throw them away resolves.
 */
export async function reviewEdit(
  { agent, pages, problems }: ReviewParts,
  uri: vscode.Uri,
  opened: OpenedObject,
  after: string,
): Promise<'applied' | 'discarded'> {
  const { context, object, uid, yaml: before } = opened;
  const asked = { context, object, uid, before, after, by: 'editor' };
  problems.delete(uri);
  let choice: ConflictChoice | undefined;
  for (;;) {
    const chosen = choice === undefined ? {} : { choice };
    const dry = await worded(agent.request(editObject, { ...asked, ...chosen, apply: false }));
    if (dry.outcome === 'invalid') tellWrong(problems, uri, dry);
    if (dry.outcome === 'unchanged') return 'applied';
    if (dry.outcome === 'conflict') {
      choice = await askConflict(dry);
      continue;
    }
    const decided = await ask(pages, opened, dry);
    if (decided === 'discard') return 'discarded';
    const done = await worded(
      confirmedOn(confirmed =>
        agent.request(editObject, { ...asked, ...chosen, apply: true, ...(confirmed && { confirmed }) }),
      ),
    );
    if (done === undefined) throw notApplied();
    if (done.outcome === 'invalid') tellWrong(problems, uri, done);
    if (done.outcome !== 'conflict') {
      await pages.close(titleOf(opened));
      return 'applied';
    }
    choice = await askConflict(done);
  }
}

/** Who saves is told by VS Code: `Failed to save 'web.yaml': …`. */
async function worded<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw vscode.FileSystemError.Unavailable(errorText(error));
  }
}

function notApplied(): vscode.FileSystemError {
  return vscode.FileSystemError.Unavailable(
    'It was not applied. Your changes are still here; save again to apply them.',
  );
}

function tellWrong(
  problems: vscode.DiagnosticCollection,
  uri: vscode.Uri,
  { problems: found }: Answer,
): never {
  const all = found.map(({ line, column, message, hint }) => {
    const at = new vscode.Position(Math.max(0, line - 1), Math.max(0, column - 1));
    const text = hint === undefined ? message : `${message}. ${hint}`;
    return new vscode.Diagnostic(new vscode.Range(at, at), text, vscode.DiagnosticSeverity.Error);
  });
  problems.set(uri, all);
  const [first] = found;
  throw vscode.FileSystemError.Unavailable(
    `Line ${first?.line ?? 1}, column ${first?.column ?? 1}: ${first?.message ?? ''}`,
  );
}

async function askConflict({ conflicts }: Answer): Promise<ConflictChoice> {
  const what = conflicts.map(({ message }) => message).join('; ');
  const items = [
    { label: goOn, detail: what, choice: undefined },
    { label: 'Leave Theirs', detail: 'Apply the rest of your changes', choice: 'leave' as const },
    { label: 'Take Over', detail: 'Your values take the place of theirs', choice: 'takeOver' as const },
  ];
  const chosen = await pick(items, {
    title: 'Somebody Else Has Changed the Same',
    placeHolder: what,
    ignoreFocusOut: true,
  });
  if (chosen?.choice === undefined) throw notApplied();
  return chosen.choice;
}

function titleOf({ object, context }: OpenedObject): string {
  return `${object.name} on ${context}: running ↔ edited`;
}

async function ask(pages: ComparedPages, opened: OpenedObject, dry: Answer): Promise<'apply' | 'discard'> {
  const { object, context } = opened;
  await pages.show(titleOf(opened), [{ name: `${object.name}.yaml`, before: dry.live, after: dry.result }]);
  const owners = [...new Set(dry.owners.map(({ manager }) => manager))].filter(name => name !== '');
  const place = object.namespace === undefined ? '' : ` in ${object.namespace}`;
  // Who goes on typing after a save applies nothing by Enter.
  const items = [
    { label: goOn, detail: 'Nothing is applied; your changes stay', does: undefined },
    {
      label: 'Apply',
      description: `${object.kind} ${object.name}${place} on ${context}`,
      detail: owners.length === 0 ? '' : `Set by ${owners.join(', ')} so far, which may set it back`,
      does: 'apply' as const,
    },
    { label: 'Discard', detail: 'Throw your changes away', does: 'discard' as const },
  ];
  const chosen = await pick(items, { title: 'Apply These Changes?', ignoreFocusOut: true });
  if (chosen?.does === undefined) throw notApplied();
  if (chosen.does === 'discard') await pages.close(titleOf(opened));
  return chosen.does;
}
