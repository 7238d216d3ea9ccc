import { identityProviders } from './readIdentity';

/** The kinds of identity that matter to these texts: those with a tool that one of them names. */
export function identityKinds(texts: readonly string[]): string[] {
  return words
    .filter(({ pattern }) => texts.some(text => pattern.test(text)))
    .map(({ provider: { kind } }) => kind);
}

const words = identityProviders.map(provider => ({
  provider,
  // `docker` in `docker/Dockerfile` and `my-docker` is no call; in `/usr/bin/docker ps` it is.
  pattern: new RegExp(`(?<![\\w.$-])(?:${provider.tools.join('|')})(?![\\w/-])`),
}));

/**
 * What a front matter's `identity` asks for: `off` none, a list these kinds; undefined where it says nothing. `wrong`
 * tells what is not understood.
 */
export function askedKinds(value: unknown): { kinds: string[] } | { wrong: string } | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === 'off' || value === false) return { kinds: [] };
  const list = Array.isArray(value)
    ? (value as unknown[])
    : typeof value === 'string'
      ? value.split(/[\s,]+/)
      : [];
  const known = identityProviders.map(({ kind }) => kind);
  const kinds = known.filter(kind => list.includes(kind));
  if (list.length > 0 && list.every(item => known.some(kind => kind === item))) return { kinds };
  return { wrong: `identity is \`off\` or a list of ${known.join(', ')}` };
}
