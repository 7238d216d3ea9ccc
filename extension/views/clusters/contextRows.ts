import type { FoundContexts } from '../../agent/clusterFeed';
import { commands } from '../../commands/names';
import { contextNode, message, type ClusterNode, type MessageNode } from './clusterNode';

/** The top of the view: contexts, files that tell of contexts and cannot be read, or where none was found. */
export function contextRows(found: FoundContexts | undefined, failure: string | undefined): ClusterNode[] {
  if (found === undefined) return failure === undefined ? [] : [...failed(failure), retry()];
  const problems = found.problems.map(problemRow);
  const contexts = [...found.contexts].sort(
    (a, b) => Number(b.current) - Number(a.current) || (a.name < b.name ? -1 : 1),
  );
  if (contexts.length > 0) return [...contexts.map(({ id }) => contextNode(id)), ...problems];
  return [
    message('none', 'No Kubernetes context found.', { icon: 'info' }),
    ...problems,
    addRow(),
    retry(),
    ...found.looked.map(({ place, found: what }, index) =>
      message(`looked-${String(index)}`, place, {
        ...{ description: what, tooltip: `${place}: ${what}`, icon: 'search' },
      }),
    ),
  ];
}

function failed(failure: string): MessageNode[] {
  return [message('failure', 'Contexts cannot be looked for.', { description: failure, icon: 'warning' })];
}

function addRow(): MessageNode {
  const command = { command: commands.addKubeconfig, title: 'Add Kubeconfig…' };
  return message('add', 'Add kubeconfig…', { icon: 'add', command });
}

function retry(): MessageNode {
  const command = { command: commands.refreshClusters, title: 'Retry' };
  return message('retry', 'Retry', { icon: 'refresh', command });
}

function problemRow(
  { file, line, message: text, hint }: FoundContexts['problems'][number],
  index: number,
): MessageNode {
  const where = line === undefined ? file : `${file}:${String(line)}`;
  const command = { command: commands.openEngineFile, title: 'Open', arguments: [file] };
  return message(`problem/${String(index)}`, where, {
    ...{ description: text, tooltip: [`${where}: ${text}`, hint ?? ''].join('\n').trim() },
    ...{ icon: 'warning', command },
  });
}
