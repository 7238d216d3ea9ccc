import type { ApiRefusal } from '../api/apiRefusal';
import type { ManifestProblem } from '../../protocol/clusterManifests';
import { type Manifest, problemAt } from '../manifests/manifest';

/** Why one object was refused, in words, and with the places in its file that the server names. */
export interface Refused {
  readonly message: string;
  readonly hint?: string;
  readonly problems: ManifestProblem[];
}

/** Words a refusal of an object. `bytes`: how long it is. */
export function refusalWords(refusal: ApiRefusal, manifest: Manifest, bytes: number): Refused {
  const { status, message, body } = refusal;
  if (isTooLarge(refusal)) {
    const size = (bytes / 1e6).toFixed(1);
    const hint = 'Split it, or keep what is large outside of the cluster. Most keep objects of up to 1.5 MB.';
    return { message: `It is too large for the cluster: ${size} MB`, hint, problems: [] };
  }
  if (status === 403)
    return { message, hint: 'Ask whoever runs the cluster for the right to do this.', problems: [] };
  if (status !== 400 && status !== 422 && status !== 500) return { message, problems: [] };
  const causes = (body.details?.causes ?? []).filter(({ field }) => field !== undefined && field !== '');
  const problems = [
    ...causes.map(({ field = '', message: why = '' }) => problemAt(manifest, field, `${field}: ${why}`)),
    ...(causes.length > 0 ? [] : namedIn(manifest, message)),
  ];
  return { message: problems.map(each => each.message).join('; ') || message, problems };
}

function isTooLarge({ status, message }: ApiRefusal): boolean {
  return (
    status === 413 ||
    /request is too large|Request entity too large|trying to send message larger/i.test(message)
  );
}

/** Fields that a message names in passing: `unknown field "spec.x"`, `.spec.x: field not declared in schema`. */
function namedIn(manifest: Manifest, message: string): ManifestProblem[] {
  const unknown = [...message.matchAll(/unknown field "([^"]+)"/g)];
  const undeclared = [...message.matchAll(/(\.[^\s:]+): (field not declared in schema|expected [^,;]+)/g)];
  return [
    ...unknown.map(([, field = '']) => problemAt(manifest, field, `There is no field ${field}`)),
    ...undeclared.map(([, field = '', why = '']) => problemAt(manifest, field, `${field}: ${why}`)),
  ];
}
