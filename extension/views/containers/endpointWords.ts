import type { Endpoint, EndpointState } from '../../../agent/protocol/endpoints';
import { ageText } from './measures';

/**
 * `12 running · 3 stopped`, or why that is not known. `counts`: of what is known, if anything; `wanted`: whether this
 * window has asked for it.
 */
export function endpointDescription(
  state: EndpointState,
  { live, wanted, counts, now }: { live: boolean; wanted: boolean; counts: string | undefined; now: number },
): string {
  const before = counts === undefined ? [] : [`was ${counts}`];
  if (!live && counts !== undefined) return ['no agent', ...before].join(' · ');
  switch (state.kind) {
    case 'idle':
      return 'not connected · expand to connect';
    case 'connecting':
      return ['connecting', ...waited(state.since, now), ...before].join(' · ');
    case 'connected':
      // Another window, or this one before it was reloaded, has it connected.
      return counts ?? (wanted ? 'reading…' : 'connected · expand to show');
    case 'failed':
      return [shortMessage(state), ...before].join(' · ');
  }
}

/** The reason first and short; the tooltip has all of it. */
function shortMessage({ trouble, message }: Extract<EndpointState, { kind: 'failed' }>): string {
  return trouble === 'other' ? firstSentence(message) : troubles[trouble];
}

const troubles = {
  notThere: 'not there',
  refused: 'connection refused',
  noPermission: 'no permission',
  tls: 'TLS error',
  version: 'version not spoken',
  silent: 'does not answer',
  login: 'login needed',
  invalid: 'cannot be read',
} as const satisfies Record<Exclude<Extract<EndpointState, { kind: 'failed' }>['trouble'], 'other'>, string>;

/** Without the address, which is long and in the tooltip. */
function firstSentence(text: string): string {
  const line = (text.split('\n')[0] ?? '').replace(/^\w+:\/\/\S+:?\s+/, '');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function waited(since: number, now: number): string[] {
  return now - since < 1000 ? [] : [ageText(now - since)];
}

/** What an endpoint is, all of it, as lines: plain text. */
export function endpointFacts(endpoint: Endpoint, now: number): string[] {
  const { state, address, source, current, tls } = endpoint;
  return [
    `${endpoint.name}: ${stateWords(state, now)}`,
    ...(state.kind === 'failed' && state.hint !== undefined ? [`Next: ${state.hint}`] : []),
    '',
    address,
    `from ${sources[source]}${current ? ' · what your docker command uses' : ''}`,
    ...(tls === 'none'
      ? []
      : [tls === 'verified' ? 'TLS, certificates checked' : 'TLS, the engine is not checked']),
  ];
}

const sources = {
  context: 'a Docker context',
  environment: 'the environment',
  socket: 'a socket of this machine',
  config: 'config.yaml',
} as const satisfies Record<Endpoint['source'], string>;

function stateWords(state: EndpointState, now: number): string {
  switch (state.kind) {
    case 'idle':
      return 'not connected. It is contacted when you expand it.';
    case 'connecting':
      return `connecting for ${ageText(now - state.since)}`;
    case 'connected':
      return `${state.engine} ${state.version} on ${state.host}, API ${state.api}, connected for ${ageText(now - state.since)}`;
    case 'failed':
      return `${state.message}${retryWords(state, now)}`;
  }
}

function retryWords({ retryAt }: { retryAt?: number | undefined }, now: number): string {
  return retryAt === undefined || retryAt <= now ? '' : ` (tried again in ${ageText(retryAt - now)})`;
}
