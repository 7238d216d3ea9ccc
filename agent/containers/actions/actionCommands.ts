import type { ContainerLook, EngineAction, PruneKind } from '../../protocol/containerActions';
import { quoted } from '../../executors/shell/quote';
import type { FoundEndpoint } from '../endpoints/foundEndpoint';

/** The `docker` commands that do the same, one for all things, quoted for a POSIX shell. */
export function actionCommands(
  endpoint: FoundEndpoint,
  action: EngineAction | ContainerLook,
  names: readonly string[],
): string[] {
  // These take one thing each.
  if (action.do === 'logs')
    return names.map(name => commandLine(endpoint, ['logs', '--follow', '--tail', '1000', name]));
  if (action.do === 'shell')
    return names.map(name => commandLine(endpoint, ['exec', '--interactive', '--tty', name, 'sh']));
  if (action.do === 'rename' || action.do === 'tagImage') {
    const words = action.do === 'rename' ? ['rename'] : ['tag'];
    const to = action.do === 'rename' ? action.name : action.tag;
    return names.map(name => commandLine(endpoint, [...words, name, to]));
  }
  return [commandLine(endpoint, [...wordsOf(action), ...names])];
}

/** The command that prunes. `all`: whether the engine has to be told that named volumes count. */
export function pruneCommand(endpoint: FoundEndpoint, kind: PruneKind, all: boolean): string {
  const words: Record<PruneKind, string[]> = {
    containers: ['container', 'prune', '--force'],
    images: ['image', 'prune', '--all', '--force'],
    danglingImages: ['image', 'prune', '--force'],
    volumes: ['volume', 'prune', ...(all ? ['--all'] : []), '--force'],
    networks: ['network', 'prune', '--force'],
    buildCache: ['builder', 'prune', '--force'],
  };
  return commandLine(endpoint, words[kind]);
}

function wordsOf(action: Exclude<EngineAction, { do: 'rename' | 'tagImage' }>): string[] {
  const force = 'force' in action && action.force ? ['--force'] : [];
  switch (action.do) {
    case 'start':
    case 'pause':
    case 'unpause':
      return [action.do];
    case 'stop':
    case 'restart':
      return [action.do, ...(action.seconds === undefined ? [] : ['--time', String(action.seconds)])];
    case 'kill':
      return ['kill', '--signal', action.signal];
    case 'remove':
      return ['rm', ...force, ...(action.volumes ? ['--volumes'] : [])];
    case 'removeImage':
      return ['rmi', ...force];
    case 'removeVolume':
      return ['volume', 'rm', ...force];
    case 'removeNetwork':
      return ['network', 'rm'];
  }
}

function commandLine(endpoint: FoundEndpoint, words: readonly string[]): string {
  return ['docker', ...placeOf(endpoint), ...words].map(quoted).join(' ');
}

/**
 * What leads `docker` to an endpoint, whichever one is current now or when it is run. The context `default` is no place:
 * it leads to wherever DOCKER_HOST says.
 */
export function placeOf({ id, source, address, tls }: FoundEndpoint): string[] {
  const context = id.replace(/^context:/, '');
  if (source === 'context' && context !== 'default') return ['--context', context];
  if (tls === undefined) return ['--host', address];
  const files = (['ca', 'cert', 'key'] as const).flatMap(part => {
    const file = tls[part];
    return file === undefined ? [] : [`--tls${part === 'ca' ? 'cacert' : part}`, file];
  });
  return ['--host', address, tls.verify ? '--tlsverify' : '--tls', ...files];
}
