import { commands } from '../../commands/names';
import type { FoundEndpoints } from '../../agent/engineFeed';
import { endpointNode, type ContainerNode, type MessageNode } from './containerNode';

/** The top of the view: engines, files that tell of engines and cannot be read, or where none was found. */
export function foundRows(found: FoundEndpoints | undefined, failure: string | undefined): ContainerNode[] {
  if (found === undefined) return failure === undefined ? [] : failureRows(failure);
  const engines = found.endpoints.map(({ id }) => endpointNode(id));
  const problems = found.problems.map(problemRow);
  return engines.length > 0
    ? [...engines, ...problems]
    : [...nothingFound(), ...problems, ...ways(), ...lookedAt(found)];
}

function nothingFound(): MessageNode[] {
  return [message('none', 'No container engine found.', { icon: 'info' })];
}

/** The longest part comes last. */
function lookedAt({ looked }: FoundEndpoints): MessageNode[] {
  return [
    ...(looked.length === 0 ? [] : [message('looked', 'Looked at:', { icon: 'search' })]),
    ...looked.map(({ place, found }, index) =>
      message(`looked-${String(index)}`, place, { description: found, tooltip: `${place}: ${found}` }),
    ),
  ];
}

/** What a person can do where there is no engine. */
function ways(): MessageNode[] {
  return [
    message('install', 'Install…', {
      icon: 'cloud-download',
      command: { command: commands.installEngine, title: 'Install…' },
    }),
    message('add', 'Add endpoint…', {
      icon: 'add',
      command: { command: commands.addEndpoint, title: 'Add Endpoint…' },
    }),
    message('retry', 'Retry', {
      icon: 'refresh',
      command: { command: commands.refreshContainers, title: 'Retry' },
    }),
  ];
}

function failureRows(failure: string): MessageNode[] {
  return [
    message('failure', 'Engines cannot be looked for.', { description: failure, icon: 'warning' }),
    message('retry', 'Retry', {
      icon: 'refresh',
      command: { command: commands.refreshContainers, title: 'Retry' },
    }),
  ];
}

function problemRow({ file, message: text, hint }: FoundEndpoints['problems'][number]): MessageNode {
  const tooltip = [`${file}: ${text}`, hint ?? ''].join('\n').trim();
  const command = { command: commands.openEngineFile, title: 'Open', arguments: [file] };
  return message(`problem/${file}`, file, { description: text, tooltip, icon: 'warning', command });
}

function message(
  id: string,
  text: string,
  more: Omit<Partial<MessageNode>, 'kind' | 'id' | 'text'>,
): MessageNode {
  return { kind: 'message', id: `message/${id}`, text, ...more };
}
