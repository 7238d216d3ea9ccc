import { basename, delimiter } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Says that a runbook's cells act on a context of their own, until they have a kubeconfig that says so; no cell sees it.
 * Its value says in which kubeconfigs: who sets others means what these say.
 */
const variable = 'HANDRAIL_OWN_CONTEXT';

/** The name of the file that makes a context the current one for a runbook's cells; the client's own come after it. */
export const ownKubeconfigName = 'handrail-kubeconfig';

/** The variables of a runbook that acts on this context. */
export function withOwnContext(
  env: Readonly<Record<string, string>>,
  context: string,
): Record<string, string> {
  return { ...env, [variable]: JSON.stringify({ context, of: env['KUBECONFIG'] ?? '' }) };
}

/** The context that a runbook's cells are to act on, whichever is in use. */
export function ownContextOf(env: Env): string | undefined {
  const said = env[variable];
  if (said === undefined) return undefined;
  const { context, of } = JSON.parse(said) as { context: string; of: string };
  return of === (env['KUBECONFIG'] ?? '') ? context : undefined;
}

/** The same variables without what only says so. */
export function withoutOwnContext(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => name !== variable));
}

/** The kubeconfig of a runbook's own context among those of `KUBECONFIG`. */
export function ownKubeconfigOf(env: Env): string | undefined {
  const [first = ''] = (env['KUBECONFIG'] ?? '').split(delimiter);
  return basename(first) === ownKubeconfigName ? first : undefined;
}

/**
 * A session's variables as a further run will find them: in the runbook's own context as it is written now, unless a cell
 * has chosen other kubeconfigs.
 */
export function beginningAgain(
  session: Readonly<Record<string, string>>,
  start: Readonly<Record<string, string>>,
): Record<string, string> {
  const isAsBegun = ownKubeconfigOf(session) !== undefined || session['KUBECONFIG'] === start['KUBECONFIG'];
  if (!isAsBegun) return { ...session };
  const own = ['KUBECONFIG', variable].flatMap(name => {
    const value = start[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const rest = Object.entries(withoutOwnContext(session)).filter(([name]) => name !== 'KUBECONFIG');
  return Object.fromEntries([...rest, ...own]);
}
