/** A target that is a container, taken apart. `on`: the engine, by its context's name; absent: the one in use. */
export type ContainerTarget =
  | { readonly kind: 'container'; readonly on?: string; readonly name: string }
  | { readonly kind: 'compose'; readonly on?: string; readonly project: string; readonly service: string }
  | { readonly kind: 'image'; readonly reference: string };

/** Whether cells with this target run in a container. */
export function isContainerTarget(target: string): boolean {
  return parseContainerTarget(target) !== undefined;
}

/**
 * Reads `container:[CONTEXT/]NAME`, `compose:[CONTEXT/]PROJECT/SERVICE` or `image:REFERENCE`; undefined where it is none
 * of them. No name of a container, project or service has a slash in it.
 */
export function parseContainerTarget(target: string): ContainerTarget | undefined {
  const [, kind, rest = ''] = /^(container|compose|image):(.+)$/.exec(target) ?? [];
  if (kind === 'image') return { kind, reference: rest };
  const parts = rest.split('/');
  if (kind === undefined || parts.some(part => part === '')) return undefined;
  const wanted = kind === 'container' ? 1 : 2;
  const on = parts.length === wanted + 1 ? { on: parts.shift() ?? '' } : {};
  const [first = '', second = ''] = parts;
  if (parts.length !== wanted) return undefined;
  return kind === 'container'
    ? { kind, ...on, name: first }
    : { kind: 'compose', ...on, project: first, service: second };
}

/** What is written for a container or service so that it is found again; the other way of {@link parseContainerTarget}. */
export function writeContainerTarget(target: ContainerTarget): string {
  if (target.kind === 'image') return `image:${target.reference}`;
  const on = target.on === undefined ? '' : `${target.on}/`;
  return target.kind === 'container'
    ? `container:${on}${target.name}`
    : `compose:${on}${target.project}/${target.service}`;
}
