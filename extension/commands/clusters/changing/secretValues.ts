import * as vscode from 'vscode';
import { parse } from 'yaml';
import { userName } from '../../../../agent/client/userName';
import { getObject } from '../../../../agent/protocol/clusterObjects';
import { pick } from '../../../quickInput';
import { checkMayChange } from '../checkMayChange';
import type { ClusterParts } from '../clusterCommands';
import { objectsOf } from './objectsOf';

/** Decodes one value of a Secret when a person asks for it, to be shown or copied; the agent logs that it was read. */
export async function showSecretValue(parts: ClusterParts, first: unknown): Promise<void> {
  const [chosen] = await objectsOf(
    parts,
    [first, undefined],
    'Value of Which Secret?',
    kind => kind === 'secrets',
  );
  if (chosen === undefined) return;
  await checkMayChange(parts, [chosen], 'secret');
  const { context, object } = chosen;
  const by = userName(process.env);
  const hidden = await parts.agent.request(getObject, { context, object, by });
  const keys = Object.keys(dataOf(hidden.yaml));
  if (keys.length === 0) throw new Error(`${object.name} has no values.`);
  const key = await pick(
    keys.map(label => ({ label })),
    { title: `Which Value of ${object.name}?` },
  );
  if (key === undefined) return;
  const how = await pick(ways, { title: `${object.name}: ${key.label}` });
  if (how === undefined) return;
  const { yaml } = await parts.agent.request(getObject, { context, object, reveal: true, by });
  const value = Buffer.from(dataOf(yaml)[key.label] ?? '', 'base64');
  if (how.copies) {
    await vscode.env.clipboard.writeText(value.toString());
    vscode.window.setStatusBarMessage(`${key.label} is on the clipboard.`, 4000);
  } else
    await parts.texts.show(
      `${object.name} ${key.label}`,
      JSON.stringify([context, object, key.label]),
      textOf(value),
    );
}

const ways = [
  { label: 'Copy', description: 'to the clipboard, without showing it', copies: true },
  { label: 'Show', description: 'in an editor that is never saved', copies: false },
] as const;

function dataOf(yaml: string): Readonly<Record<string, string>> {
  const { data } = parse(yaml) as { data?: Record<string, string> | null };
  return data ?? {};
}

function textOf(value: Buffer): string {
  const text = value.toString();
  return text.includes('\uFFFD') ? `${value.toString('hex').replace(/(.{64})/g, '$1\n')}\n` : text;
}
