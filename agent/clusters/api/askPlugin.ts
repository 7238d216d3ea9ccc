import { dirname } from 'node:path';
import * as z from 'zod';
import { runProgram, type ProgramEnd } from '../../programs/runProgram';
import { plainPrinted } from '../../text/plainPrinted';
import type { FoundContext, PluginEntry } from '../contexts/foundContext';
import { ClusterUnusable, type Trouble } from './clusterUnusable';
import type { Credential } from './credential';
import { readGiven } from './readGiven';

const Answer = z.object({
  status: z.object({
    token: z.string().optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().optional(),
  }),
});

/** Bytes; certificates are small. */
const longest = 4 * 2 ** 20;
/** A credential is renewed so many milliseconds before its end: it is used after it was got. */
const ahead = 10_000;

/**
 * Asks a credential plugin, which is told that nobody is there to answer
 * (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). Throws
 * ClusterUnusable `plugin`, or `login` where it wants a person.
 */
export async function askPlugin(context: FoundContext, deadline: number): Promise<Credential> {
  const { plugin } = context.user;
  if (plugin === undefined) throw new Error('a user without a plugin');
  if (plugin.interactive === 'Always')
    throw unusable(context, 'login', `${plugin.command} logs in only with a person`);
  const signal = AbortSignal.timeout(deadline);
  const end = await runProgram({
    file: plugin.command,
    args: plugin.args,
    cwd: dirname(context.file),
    env: { ...context.env, ...plugin.env, KUBERNETES_EXEC_INFO: infoOf(context, plugin) },
    signal,
    longest,
    endWhereLonger: true,
  });
  const name = plugin.command;
  if (signal.aborted)
    throw unusable(context, 'plugin', `${name} gave no credential within ${deadline / 1000} s${said(end)}`);
  if (end.trouble !== undefined) throw notStarted(context, plugin, end.trouble);
  if (end.exit !== 0) {
    const how =
      end.exit === undefined ? `was ended by ${end.signal ?? 'a signal'}` : `failed with exit ${end.exit}`;
    throw unusable(context, 'plugin', `${name} ${how}${said(end)}`);
  }
  return read(context, plugin, end);
}

function infoOf(context: FoundContext, { apiVersion, wantsCluster, clusterConfig }: PluginEntry): string {
  const { cluster } = context;
  const ca = wantsCluster ? readGiven(context, 'authority', cluster.caFile, cluster.caData) : undefined;
  const told = {
    server: cluster.server,
    ...(cluster.tlsServerName && { 'tls-server-name': cluster.tlsServerName }),
    ...(cluster.insecure && { 'insecure-skip-tls-verify': true }),
    ...(ca && { 'certificate-authority-data': ca.toString('base64') }),
    ...(cluster.proxy && { 'proxy-url': cluster.proxy }),
    ...(clusterConfig !== undefined && { config: clusterConfig }),
  };
  const spec = { interactive: false, ...(wantsCluster && { cluster: told }) };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion, spec });
}

function read(context: FoundContext, { command }: PluginEntry, end: ProgramEnd): Credential {
  const status = parse(end);
  if (status === undefined) throw unusable(context, 'plugin', `${command} printed no credential${said(end)}`);
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const expiresAt = Date.parse(expirationTimestamp ?? '') - ahead;
  return {
    headers: {
      ...context.user.impersonate,
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    },
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(Number.isFinite(expiresAt) && { expiresAt }),
    isRenewable: true,
  };
}

function parse({ stdout, isLonger }: ProgramEnd): z.infer<typeof Answer>['status'] | undefined {
  if (isLonger) return undefined;
  try {
    const { status } = Answer.parse(JSON.parse(stdout.toString()));
    return status.token === undefined && status.clientCertificateData === undefined ? undefined : status;
  } catch {
    // Whoever asked says so, with what the program complained of.
    return undefined;
  }
}

function notStarted(
  context: FoundContext,
  plugin: PluginEntry,
  { code = '' }: NodeJS.ErrnoException,
): ClusterUnusable {
  const { command, installHint } = plugin;
  if (code !== 'ENOENT') return unusable(context, 'plugin', `${command} could not be started (${code})`);
  const hint = installHint ?? `Install it, or put it on PATH. ${context.file} names it.`;
  return unusable(context, 'plugin', `${command}, which gets the credentials, was not found`, hint);
}

function unusable(
  context: FoundContext,
  trouble: Trouble['trouble'],
  message: string,
  hint = `Log in by hand, then retry: kubectl --context ${context.name} get namespaces`,
): ClusterUnusable {
  return new ClusterUnusable(context, { trouble, message, hint });
}

/** The end of what a program complained of; what it printed on stdout may be the secret. */
function said({ stderr }: ProgramEnd): string {
  const lines = plainPrinted(stderr).trim().split('\n').slice(-5).join(' · ').trim();
  return lines === '' ? '' : `: ${lines.slice(0, 1000)}`;
}
