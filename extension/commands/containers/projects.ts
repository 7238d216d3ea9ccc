import type { ContainerRow } from '../../../agent/protocol/containers';
import { partText } from '../../views/containers/containerWords';

/** A compose project, or a service of one, for a list. */
export interface ProjectChoice {
  readonly of: { readonly project: string; readonly service?: string };
  readonly label: string;
  readonly description: string;
}

type Row = Pick<ContainerRow, 'project' | 'service' | 'state'>;

/** The compose projects that containers belong to, each followed by its services where it has several; in order. */
export function projectsOf(rows: Iterable<Row>): ProjectChoice[] {
  return grouped(rows, 'project').flatMap(([project, all]) => {
    const whole = { of: { project }, label: project, description: partText(all) };
    const services = grouped(all, 'service');
    if (services.length < 2) return [whole];
    const each = services.map(([service, own]) => ({
      of: { project, service },
      label: `${project}/${service}`,
      description: partText(own),
    }));
    return [whole, ...each];
  });
}

const collator = new Intl.Collator('en', { numeric: true });

/** Those that have it, by it, in order. */
function grouped(rows: Iterable<Row>, by: 'project' | 'service'): [string, Row[]][] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const name = row[by];
    if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), row]);
  }
  return [...groups].sort(([a], [b]) => collator.compare(a, b));
}
