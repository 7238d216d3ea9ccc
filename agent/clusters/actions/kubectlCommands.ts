import { quoted } from '../../executors/shell/quote';
import type { ClusterAction } from '../../protocol/clusterActions';
import type { ObjectRef } from '../../protocol/clusterObjects';
import type { FoundContext } from '../contexts/foundContext';

/** What leads `kubectl` to a context. */
export type Where = Pick<FoundContext, 'name' | 'file' | 'isExtra'>;

/** The `kubectl` commands that do the same: one a namespace where one takes several objects, quoted for a POSIX shell. */
export function kubectlCommands(
  where: Where,
  action: ClusterAction,
  objects: readonly ObjectRef[],
): string[] {
  const groups = takesOne.has(action.do) ? objects.map(each => [each]) : byNamespace(objects);
  return groups.map(group => kubectl(where, group[0]?.namespace, wordsOf(action, group)));
}

/** A command of `kubectl` on a context, which never is the current one by chance. */
export function kubectl(
  { name, file, isExtra }: Where,
  namespace: string | undefined,
  words: readonly string[],
): string {
  const place = [...(isExtra ? ['--kubeconfig', file] : []), '--context', name];
  const all = ['kubectl', ...place, ...(namespace === undefined ? [] : ['-n', namespace]), ...words];
  return all.map(quoted).join(' ');
}

const takesOne: ReadonlySet<ClusterAction['do']> = new Set([
  'suspend',
  'resume',
  'removeFinalizers',
  'runNow',
]);

function byNamespace(objects: readonly ObjectRef[]): ObjectRef[][] {
  const groups = new Map<string | undefined, ObjectRef[]>();
  for (const each of objects) groups.set(each.namespace, [...(groups.get(each.namespace) ?? []), each]);
  return [...groups.values()];
}

function wordsOf(action: ClusterAction, objects: readonly ObjectRef[]): string[] {
  const names = objects.map(({ name }) => name);
  const refs = objects.map(({ kind, name }) => `${kind}/${name}`);
  switch (action.do) {
    case 'scale':
      return ['scale', ...refs, `--replicas=${action.replicas}`];
    case 'restart':
      return ['rollout', 'restart', ...refs];
    case 'pauseRollout':
      return ['rollout', 'pause', ...refs];
    case 'resumeRollout':
      return ['rollout', 'resume', ...refs];
    case 'undoRollout':
      return ['rollout', 'undo', ...refs, ...(action.revision ? [`--to-revision=${action.revision}`] : [])];
    case 'setImage':
      return ['set', 'image', ...refs, `${action.container}=${action.image}`];
    case 'suspend':
    case 'resume':
      return [
        'patch',
        ...refs,
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { suspend: action.do === 'suspend' } }),
      ];
    case 'runNow':
      return ['create', 'job', action.name ?? `${names[0] ?? ''}-manual`, `--from=cronjob/${names[0] ?? ''}`];
    case 'delete':
      return ['delete', ...refs, ...howToDelete(action)];
    case 'removeFinalizers':
      return ['patch', ...refs, '--type=merge', '-p', JSON.stringify({ metadata: { finalizers: null } })];
    case 'cordon':
    case 'uncordon':
      return [action.do, ...names];
    case 'label':
    case 'annotate':
      return [action.do, ...refs, ...changesOf(action.changes), '--overwrite'];
  }
}

function howToDelete({ propagation, grace }: Extract<ClusterAction, { do: 'delete' }>): string[] {
  const force = grace === 0 ? ['--force'] : [];
  const within = grace === undefined ? [] : [`--grace-period=${grace}`];
  return [`--cascade=${propagation}`, ...within, ...force, '--wait=false'];
}

function changesOf(changes: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(changes).map(([key, value]) => (value === null ? `${key}-` : `${key}=${value}`));
}
