import type { ContainerLook, EngineAction } from '../../../agent/protocol/containerActions';
import type { EngineRow } from '../../../agent/protocol/containers';
import { isUp } from '../../views/containers/containerWords';

/** What can be done to a thing as it is now. */
export function actionsFor(row: EngineRow): readonly (readonly [string, EngineAction | ContainerLook])[] {
  switch (row.kind) {
    case 'image':
      return [['Remove', { do: 'removeImage', force: false }]];
    case 'volume':
      return [['Remove', { do: 'removeVolume', force: false }]];
    case 'network':
      return [['Remove', { do: 'removeNetwork' }]];
    case 'container':
      return [
        ...containerActions(row.state === 'running', row.state === 'paused'),
        ['Remove', { do: 'remove', force: isUp(row), volumes: false }],
        ['Logs', { do: 'logs' }],
        ...(row.state === 'running' ? [['Shell', { do: 'shell' }] as const] : []),
      ];
  }
}

function containerActions(running: boolean, paused: boolean): readonly (readonly [string, EngineAction])[] {
  if (paused)
    return [
      ['Unpause', { do: 'unpause' }],
      ['Stop', { do: 'stop' }],
    ];
  if (!running) return [['Start', { do: 'start' }]];
  return [
    ['Stop', { do: 'stop' }],
    ['Restart', { do: 'restart' }],
    ['Pause', { do: 'pause' }],
    ['Kill', { do: 'kill', signal: 'SIGKILL' }],
  ];
}
