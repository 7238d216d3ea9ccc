import type { RowKind } from '../../protocol/containers';

/** What events tell of a container's state. */
export type ToldState = 'up' | 'down' | 'paused';

/** What an event means to rows. */
export interface EngineEvent {
  readonly kind: RowKind;
  /** Of the thing; absent where all of the kind may be different. */
  readonly id?: string;
  /** Milliseconds since 1970 by the engine's clock, with fraction. */
  readonly time: number;
  /** The state that a container is in since then, where it is another one. */
  readonly state?: ToldState;
  /** Whether it goes on as what it was started as: then it is no younger. */
  readonly goesOn?: boolean;
  /** The same for the same event told twice. */
  readonly key: string;
}

/** https://docs.docker.com/reference/api/engine/version/v1.44/#tag/System/operation/SystemEvents */
interface SentEvent {
  readonly Type?: string;
  readonly Action?: string;
  readonly Actor?: { readonly ID?: string; readonly Attributes?: { readonly container?: string } };
  readonly time?: number;
  readonly timeNano?: number;
}

/** Happen without anything that is shown being different; health checks make three each time. */
const noise =
  /^(exec_|top|attach|detach|resize|export|archive-path|extract-to-dir|copy|checkpoint|commit|save|push|mount|unmount)/;

const states: Partial<Record<string, ToldState>> = {
  start: 'up',
  restart: 'up',
  unpause: 'up',
  pause: 'paused',
  die: 'down',
  died: 'down',
  stop: 'down',
};

/** Reads a line of an engine's events; undefined where it changes nothing that is shown, or is no event. */
export function readEvent(line: string): EngineEvent | undefined {
  // Cheaper than reading it: an engine with many health checks says little else.
  if (line.includes('"Action":"exec_')) return undefined;
  const sent = parsed(line);
  const { Type: kind, Action: action = '', Actor: { ID: id, Attributes } = {}, time = 0, timeNano } = sent;
  if (!isKind(kind) || noise.test(action)) return undefined;
  const state = states[action];
  const common = {
    time: timeNano === undefined ? time * 1000 : timeNano / 1e6,
    ...(kind === 'container' && state !== undefined && { state }),
    ...(/^(un)?pause$/.test(action) && { goesOn: true }),
    key: `${timeNano ?? time} ${kind} ${action} ${id ?? ''} ${Attributes?.container ?? ''}`,
  };
  // A container's networks stand in its own row.
  if (kind === 'network' && /connect/.test(action) && Attributes?.container)
    return { ...common, kind: 'container', id: Attributes.container };
  if (action === 'prune' || kind === 'image' || !id) return { ...common, kind };
  return { ...common, kind, id };
}

function parsed(line: string): SentEvent {
  try {
    return (JSON.parse(line) ?? {}) as SentEvent;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`The engine sent what is no event: ${line.slice(0, 80)}`, { cause: error });
  }
}

function isKind(type: string | undefined): type is RowKind {
  return type === 'container' || type === 'image' || type === 'volume' || type === 'network';
}
