import { Reflector, type Reflected } from '../reflector/reflector';
import { pathOf } from './knownKinds';

/** Many definitions come together, and the server needs a moment to serve them. Milliseconds. */
const quiet = 1000;

/** Calls back when the kinds of a cluster may be others: definitions of custom ones came, went or changed. */
export function followDefinitions(
  { api, report, lost }: Pick<Reflected, 'api' | 'report' | 'lost'>,
  changed: () => void,
): { close(): void } {
  let timer: NodeJS.Timeout | undefined;
  let isKnown = false;
  const reflector = new Reflector({
    api,
    kind: 'customresourcedefinitions.apiextensions.k8s.io',
    path: pathOf({ group: 'apiextensions.k8s.io', version: 'v1', plural: definitions, namespaced: false }),
    pathOf: ({ name }) => `/apis/apiextensions.k8s.io/v1/${definitions}/${encodeURIComponent(name)}`,
    isWatchable: true,
    told: ({ rows = [], gone = [], complete = false }) => {
      if (isKnown && rows.length + gone.length > 0) timer ??= setTimeout(fire, quiet);
      isKnown ||= complete;
    },
    lost,
    report,
  });
  const fire = (): void => {
    timer = undefined;
    changed();
  };
  return {
    close() {
      clearTimeout(timer);
      reflector.close();
    },
  };
}

const definitions = 'customresourcedefinitions';
