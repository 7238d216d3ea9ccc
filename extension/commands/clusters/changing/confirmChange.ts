import { pick } from '../../../quickInput';
import type { ChosenObject } from '../chosen';
import type { ClusterParts } from '../clusterCommands';

/** A question before something is done that takes away. */
export interface ClusterQuestion {
  /** `Delete`: what is asked. */
  readonly verb: string;
  /** The ways to say yes, with what comes of each. */
  readonly ways: readonly { readonly label: string; readonly detail: string }[];
}

/** Most objects that a question names. */
const mostNamed = 10;

/**
 * Asks whether to do something to these, naming kind, name and namespace of each, their context and its server. The safe
 * answer comes first. Gives the label of the way chosen; undefined: no.
 */
export async function confirmChange(
  { feed }: Pick<ClusterParts, 'feed'>,
  chosen: readonly ChosenObject[],
  { verb, ways }: ClusterQuestion,
): Promise<string | undefined> {
  const places = [...new Set(chosen.map(({ context }) => context))].map(id => {
    const { name = id, server } = feed.context(id) ?? {};
    return server === undefined ? name : `${name}, ${server}`;
  });
  const names = chosen.map(wordObject);
  const left = names.length - mostNamed;
  const shown = [...names.slice(0, mostNamed), ...(left > 0 ? [`and ${String(left)} more`] : [])];
  const [only = ''] = names;
  const what = names.length === 1 ? only : `${String(names.length)} objects`;
  const no = { label: `Do Not ${verb}`, description: places.join(' · ') };
  const answer = await pick([names.length === 1 ? no : { ...no, detail: shown.join(', ') }, ...ways], {
    title: `${verb} ${what} on ${places.join(' and ')}?`,
    ignoreFocusOut: true,
  });
  return answer === undefined || answer.label === no.label ? undefined : answer.label;
}

/** `deployments web in shop`. */
export function wordObject({ object: { kind, name, namespace } }: ChosenObject): string {
  const [plural = kind] = kind.split('.');
  return `${plural} ${name}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
