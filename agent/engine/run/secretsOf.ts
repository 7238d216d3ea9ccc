import { HandrailError } from '../../protocol/errors';
import type { ClientEnvironment } from '../../protocol/runs';
import { declaredSecrets } from '../../runbook/secretsTable';
import { neededRunbooks, sessionStart } from '../session/sessionStart';
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
    ...declaredIn(plan, request.environment),
    ...inputs.map(({ name, variable = name }) => inputReference(variable)),
  ];
  const given = {
    ...request.secrets,
    ...Object.fromEntries(inputs.map(({ name, variable = name, value = '' }) => [variable, value])),
  };
  const { file, environment } = request;
  return create?.({ references, given, file, environment: { ...environment, env } }) ?? noSecrets;
}

/** Also what no step names: the session may hold it from an earlier run. Of needed runbooks with where they lie. */
function declaredIn(plan: Plan, environment: ClientEnvironment): SecretReference[] {
  const needed = neededRunbooks(plan).flatMap(({ file, runbook }) => {
    const { secrets } = declaredSecrets(runbook.frontMatter, runbook.source);
    const from = secrets.length > 0 && { file, env: sessionStart(file, runbook, environment).env };
    return from ? secrets.map(secret => ({ ...secret, from })) : [];
  });
  const own = declaredSecrets(plan.runbook.frontMatter, plan.runbook.source).secrets;
  const byName = new Map([...needed, ...own].map(secret => [secret.name, secret]));
  return [...byName.values()];
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
