/** A target that is a container, taken apart. */
export type ContainerTarget =
  | { readonly kind: 'container'; readonly name: string }
  | { readonly kind: 'compose'; readonly project: string; readonly service: string }
  | { readonly kind: 'image'; readonly reference: string };

/** Whether cells with this target run in a container. */
export function isContainerTarget(target: string): boolean {
  return parseContainerTarget(target) !== undefined;
}

/** Reads `container:NAME`, `compose:PROJECT/SERVICE` or `image:REF`; undefined where it is none of them. */
export function parseContainerTarget(target: string): ContainerTarget | undefined {
  const [, kind, rest = ''] = /^(container|compose|image):(.+)$/.exec(target) ?? [];
  if (kind === 'container') return { kind, name: rest };
  if (kind === 'image') return { kind, reference: rest };
  const [project = '', service = '', ...more] = rest.split('/');
  return kind === 'compose' && project !== '' && service !== '' && more.length === 0
    ? { kind, project, service }
    : undefined;
}
