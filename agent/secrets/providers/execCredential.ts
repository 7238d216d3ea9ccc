import type { RequestOptions } from 'node:https';
import * as z from 'zod';
import type { ClientEnvironment } from '../../protocol/runs';
import { SecretFailure } from '../secretFailure';
import { askProgram } from './askProgram';

/** The part `exec` of a user in a kubeconfig. */
const Exec = z.object({
  command: z.string(),
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
});

const Credential = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
  }),
});

/**
 * Logs in with the program that a kubeconfig names, in the client's environment
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins).
 */
export async function execCredential(
  exec: unknown,
  { env, cwd }: ClientEnvironment,
  signal: AbortSignal,
): Promise<RequestOptions> {
  const { command: file, args, env: more, apiVersion } = Exec.parse(exec);
  const info = { kind: 'ExecCredential', apiVersion, spec: { interactive: false } };
  const added = Object.fromEntries((more ?? []).map(({ name, value }) => [name, value]));
  const printed = await askProgram({
    file,
    args: args ?? [],
    cwd,
    env: { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info), ...added },
    signal,
  });
  const { token, clientCertificateData: cert, clientKeyData: key } = parse(printed, file);
  return {
    ...(token === undefined ? {} : { headers: { Authorization: `Bearer ${token}` } }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}

function parse(printed: Buffer, file: string): z.infer<typeof Credential>['status'] {
  try {
    return Credential.parse(JSON.parse(printed.toString())).status;
  } catch {
    const why = `${file}, with which the kubeconfig logs in, did not print a credential`;
    throw new SecretFailure('refused', why, 'Try it in a terminal, and log in there.');
  }
}
