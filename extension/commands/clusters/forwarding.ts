import * as vscode from 'vscode';
import { getObject } from '../../../agent/protocol/clusterObjects';
import { forwardKey, forwardPlace, forwardState, type KnownForward } from '../../clusters/knownForward';
import { askText, pick } from '../../quickInput';
import { unlinked } from '../../unlinked';
import { podKindOf } from '../../views/clusters/podKinds';
import { nodeOf } from './chosen';
import { podsOf, type ChosenPods } from './chosenPods';
import type { ClusterParts } from './clusterCommands';
import { confirmedOn } from './confirmedOn';
import { portsIn, portsOf } from './portsOf';

/** Asks for a port of a pod, workload or service, and forwards one of this machine to it. */
export async function startForwarding(parts: ClusterParts, first: unknown): Promise<void> {
  const fits = (kind: string): boolean => podKindOf(kind) !== undefined;
  const [chosen] = await podsOf(parts, [first, undefined], 'Forward a Port of What?', fits);
  if (chosen === undefined) return;
  const ports = await askPorts(parts, chosen);
  if (ports === undefined) return;
  const { context, namespace, kind, name } = chosen;
  const wanted = { context, namespace, kind, name, ...ports };
  const forward = await confirmedOn(confirmed => parts.forwards.start(wanted, confirmed));
  if (forward === undefined) return;
  const text = `localhost:${String(forward.local)} leads to ${forwardPlace(wanted)}.`;
  const open = await vscode.window.showInformationMessage(unlinked(text), 'Open in Browser');
  if (open !== undefined) await openAddress(forward.local);
}

/** Forwards again what was forwarded before. */
export async function startAgain(parts: ClusterParts, first: unknown): Promise<void> {
  const known = await forwardOf(parts, first, 'Forward Which Port Again?', one => one.forward === undefined);
  if (known !== undefined) await confirmedOn(confirmed => parts.forwards.start(known, confirmed));
}

/** Ends a forward, and forgets it. */
export async function stopForwarding(parts: ClusterParts, first: unknown): Promise<void> {
  const known = await forwardOf(parts, first, 'Stop Forwarding Which Port?', () => true);
  if (known !== undefined) await parts.forwards.stop(forwardKey(known));
}

/** Opens what a port leads to in the browser. */
export async function openForwarded(parts: ClusterParts, first: unknown): Promise<void> {
  const known = await forwardOf(parts, first, 'Open Which Port?', one => one.forward !== undefined);
  if (known !== undefined) await openAddress(known.local);
}

/** Copies the command of `kubectl` that does the same. */
export async function copyForwardCommand(parts: ClusterParts, first: unknown): Promise<void> {
  const known = await forwardOf(parts, first, 'Copy for Which Port?', one => one.forward !== undefined);
  if (known?.forward === undefined) return;
  await vscode.env.clipboard.writeText(known.forward.kubectl);
  vscode.window.setStatusBarMessage('Copied.', 3000);
}

async function askPorts(
  { agent }: ClusterParts,
  { context, namespace, kind, name }: ChosenPods,
): Promise<{ remote: number | string; local?: number } | undefined> {
  const object = { kind, namespace, name };
  const { yaml } = await agent.request(getObject, { context, object, by: 'editor' });
  const own = portsOf(yaml).map(({ port, description }) => ({ label: String(port), description }));
  const another = { label: 'Another Port…', description: 'or one of this machine of your choice' };
  const title = `Forward a Port of ${name}`;
  const picked = own.length === 0 ? another : await pick([...own, another], { title });
  if (picked === undefined) return undefined;
  if (picked !== another) return { remote: Number(picked.label) };
  const typed = await askText({
    title,
    prompt: 'Its number or name; to choose the port of this machine, too: 8080:80',
    validateInput: text =>
      portsIn(text) === undefined ? 'A port is a number up to 65535 or a name.' : undefined,
  });
  return typed === undefined ? undefined : portsIn(typed);
}

async function forwardOf(
  { forwards }: ClusterParts,
  first: unknown,
  title: string,
  fits: (one: KnownForward) => boolean,
): Promise<KnownForward | undefined> {
  const node = nodeOf(first);
  if (node?.kind === 'forward') return forwards.find(node.key);
  const all = forwards.all.filter(fits);
  if (all.length === 0) throw new Error('There is no such port. Forward one of a pod or service first.');
  const items = all.map(one => ({
    label: `localhost:${String(one.local)}`,
    description: `${one.namespace}/${forwardPlace(one)} · ${forwardState(one)}`,
    one,
  }));
  return (await pick(items, { title, matchOnDescription: true }))?.one;
}

async function openAddress(port: number): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(`http://localhost:${String(port)}`, true));
}
