import * as vscode from 'vscode';
import { userName } from '../../../agent/client/userName';
import {
  PullProgress,
  pullImage as pullRequest,
  runImage as runRequest,
} from '../../../agent/protocol/containerActions';
import type { AgentClient } from '../../agent/agentClient';
import type { AgentStreams, StreamEnd } from '../../agent/agentStreams';
import { errorText } from '../../agent/errorText';
import { unlinked } from '../../unlinked';
import { sizeText } from '../../views/containers/measures';
import { checkCommand, checkName, checkPorts } from './checks';
import { splitCommand } from './splitCommand';
import type { Targets } from './targets';
import { askText } from '../../quickInput';

interface Ports {
  readonly agent: AgentClient;
  readonly streams: AgentStreams;
  readonly targets: Targets;
}

/** Pulls an image, with its progress in a notification that can be cancelled. */
export async function pullImage({ agent, streams, targets }: Ports, first: unknown): Promise<void> {
  const endpoint = await targets.endpoint(first, 'Pull Image');
  if (endpoint === undefined) return;
  const reference = await askText({
    title: `Pull Image on ${endpoint.name}`,
    prompt: 'Its name, as in nginx:1.27 or registry.example.com/team/app@sha256:…',
    value: await taggedName(targets, first),
    validateInput: text => (/\s/.test(text.trim()) ? 'A name has no blanks.' : undefined),
  });
  const wanted = reference?.trim() ?? '';
  if (wanted === '') return;
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: `Pulling ${unlinked(wanted)}`,
    cancellable: true,
  };
  const end = await vscode.window.withProgress(options, (progress, token) =>
    Promise.race([
      cancelledBy(token),
      pull({ agent, streams }, { endpoint: endpoint.id, reference: wanted }, progress, token),
    ]),
  );
  if (end === 'cancelled')
    return void vscode.window.setStatusBarMessage(`${wanted} was not pulled: cancelled.`, 4000);
  if (end.message === undefined && end.lost !== true)
    return void vscode.window.setStatusBarMessage(`${wanted} is pulled.`, 4000);
  const reason =
    end.lost === true ? 'the agent is gone' : [end.message ?? '', end.hint ?? ''].join(' ').trim();
  throw new Error(`${wanted} was not pulled: ${reason}`);
}

/** An engine may take its time before it says anything. */
function cancelledBy(token: vscode.CancellationToken): Promise<'cancelled'> {
  return new Promise(resolve => token.onCancellationRequested(() => resolve('cancelled')));
}

async function pull(
  { agent, streams }: Pick<Ports, 'agent' | 'streams'>,
  wanted: { endpoint: string; reference: string },
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<StreamEnd | 'cancelled'> {
  try {
    const { stream } = await agent.request(pullRequest, { ...wanted, by: userName(process.env) });
    return await followPull(streams, stream, progress, token);
  } catch (error) {
    return { message: errorText(error) };
  }
}

async function taggedName(targets: Targets, first: unknown): Promise<string> {
  const isImage =
    typeof first === 'object' && first !== null && 'of' in first && first.of === 'image' && 'object' in first;
  if (!isImage) return '';
  const [image] = await targets.objects([first, undefined], 'image', '', false);
  return image?.row.tags[0] ?? '';
}

/** Progress of a pull, until it ends or a person has had enough. */
function followPull(
  streams: AgentStreams,
  id: number,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  token: vscode.CancellationToken,
): Promise<StreamEnd | 'cancelled'> {
  return new Promise(resolve => {
    const show = progressShower(progress);
    const lines = lineReader(line => {
      const parsed = PullProgress.safeParse(jsonOf(line));
      if (parsed.success) show(parsed.data);
    });
    const stream = streams.open(id, {
      take: lines,
      ended: end => resolve(token.isCancellationRequested ? 'cancelled' : end),
    });
    token.onCancellationRequested(() => {
      // What the agent says to this no longer matters to anyone.
      void stream.close().catch(() => undefined);
      resolve('cancelled');
    });
  });
}

/** VS Code wants increments; layers become known on the way, so the part that is done may shrink and then waits. */
function progressShower(progress: vscode.Progress<{ message?: string; increment?: number }>) {
  let shown = 0;
  return ({ text, layers, layersDone, done, total }: PullProgress): void => {
    const percent = total > 0 ? Math.min(100, (done / total) * 100) : 0;
    const increment = Math.max(0, percent - shown);
    shown += increment;
    const bytes = total > 0 ? ` · ${sizeText(done)} of ${sizeText(total)}` : '';
    const message = layers > 0 ? `${String(layersDone)} of ${String(layers)} layers${bytes}` : text;
    progress.report({ message: unlinked(message), increment });
  };
}

function lineReader(take: (line: string) => void): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return bytes => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') take(line);
  };
}

/** Undefined where it is none: a line that cannot be read tells nothing. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Makes and starts a container of an image, after a few questions. */
export async function runImage({ agent, targets }: Ports, first: unknown): Promise<void> {
  const [image] = await targets.objects(
    [first, undefined],
    'image',
    'Run a Container of Which Image?',
    false,
  );
  if (image === undefined) return;
  const reference = image.row.tags[0] ?? image.row.id;
  const answers = await askRun(reference);
  if (answers === undefined) return;
  await agent.request(runRequest, {
    endpoint: image.endpoint,
    image: reference,
    by: userName(process.env),
    ...(answers.name === '' ? {} : { name: answers.name }),
    publish: splitCommand(answers.ports.replaceAll(',', ' ')),
    command: splitCommand(answers.command),
  });
  vscode.window.setStatusBarMessage(`A container of ${reference} is started.`, 4000);
}

async function askRun(
  reference: string,
): Promise<{ name: string; ports: string; command: string } | undefined> {
  const ask = (
    step: number,
    prompt: string,
    placeHolder: string,
    validateInput: (text: string) => string | undefined,
  ) =>
    askText({
      title: `Run ${reference} · ${String(step)} of 3`,
      ...{ prompt, placeHolder, validateInput, ignoreFocusOut: true },
    });
  const name = await ask(1, 'Name of the container (none: the engine makes one up)', 'web', checkName);
  if (name === undefined) return undefined;
  const ports = await ask(2, 'Ports to publish (none: none)', '8080:80 127.0.0.1:8443:443', checkPorts);
  if (ports === undefined) return undefined;
  const command = await ask(3, 'Command (none: the image’s own)', 'sleep 1000', checkCommand);
  return command === undefined ? undefined : { name, ports, command };
}
