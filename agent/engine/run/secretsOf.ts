import { HandrailError } from '../../protocol/errors';
import type { ClientEnvironment } from '../../protocol/runs';
import { declaredSecrets } from '../../runbook/secretsTable';
import type { Redactor, SecretReference, Secrets } from '../../secrets/types';
import type { CreateSecrets } from './surroundings';
import type { Plan, RunRequest } from '../types';

/**
 * The secrets of a run: those that its steps name, the others that the runbook declares (the session may hold them
 * from an earlier run), and inputs that are secret. `env`: the variables that `env:` means.
 */
export function secretsOf(
  plan: Plan,
  request: RunRequest,
  env: ClientEnvironment['env'],
  create: CreateSecrets | undefined,
): Secrets {
  const inputs = plan.inputs.filter(({ type, value }) => type === 'secret' && value !== undefined);
  const references = [
    ...declaredIn(plan),
    ...inputs.map(({ name, variable = name }) => inputReference(variable)),
  ];
  const given = {
    ...request.secrets,
    ...Object.fromEntries(inputs.map(({ name, variable = name, value = '' }) => [variable, value])),
  };
  const { file, environment } = request;
  return create?.({ references, given, file, environment: { ...environment, env } }) ?? noSecrets;
}

function declaredIn({ secrets, runbook: { frontMatter, source } }: Plan): SecretReference[] {
  const declared = frontMatter ? declaredSecrets(frontMatter, source).secrets : [];
  return [...secrets, ...declared.filter(({ name }) => secrets.every(one => one.name !== name))];
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
  mask: () => undefined,
};
