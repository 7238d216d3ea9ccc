import { HandrailError } from '../protocol/errors';
import type { Redactor, SecretReference, Secrets } from '../secrets/types';
import type { CreateSecrets } from './surroundings';
import type { Plan, RunRequest } from './types';

/** The secrets of a run: those that the runbook declares, and inputs that are secret. */
export function secretsOf(plan: Plan, request: RunRequest, create: CreateSecrets | undefined): Secrets {
  const inputs = plan.inputs.filter(({ type, value }) => type === 'secret' && value !== undefined);
  const references = [...plan.secrets, ...inputs.map(({ name }) => inputReference(name))];
  if (references.length === 0) return noSecrets;
  const given = {
    ...request.secrets,
    ...Object.fromEntries(inputs.map(({ name, value = '' }) => [name, value])),
  };
  const { file, environment } = request;
  return create?.({ references, given, file, environment }) ?? noSecrets;
}

/** A value that came with the request is had the same way as one that the editor keeps. */
function inputReference(name: string): SecretReference {
  return { name, provider: 'editor', place: name };
}

const nothing: Redactor = {
  isEmpty: true,
  text: text => text,
  stream: () => ({ write: bytes => bytes, flush: () => new Uint8Array(), end: () => new Uint8Array() }),
};

const noSecrets: Secrets = {
  names: new Set(),
  redactor: nothing,
  fetched: new Map(),
  fetch: names => {
    const message = `Secrets cannot be fetched here: ${names.join(', ')}`;
    return Promise.reject(new HandrailError('needsAnswer', message, { secrets: names }));
  },
};
