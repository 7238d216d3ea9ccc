import type { ImageRow, NetworkRow, VolumeRow } from '../../protocol/containers';
import { cut } from '../../text/cut';
import { timeOf } from './containerRow';

type Labels = Readonly<Record<string, string>> | null;

/** As lists have them: https://docs.docker.com/reference/api/engine/version/v1.44/ */
export interface ListedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Size?: number;
  readonly Created?: number;
}
export interface ListedVolume {
  readonly Name: string;
  readonly Driver?: string;
  readonly Mountpoint?: string;
  readonly CreatedAt?: string;
  readonly Labels?: Labels;
}
export interface ListedNetwork {
  readonly Id: string;
  readonly Name?: string;
  readonly Driver?: string;
  readonly Scope?: string;
  readonly Created?: string;
  readonly Labels?: Labels;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string }[] | null } | null;
}

// Who uses a thing is known by the containers; the table that has both fills it in.

export function imageRow({ Id, RepoTags, Size, Created }: ListedImage): ImageRow {
  // Engines give them in any order, and the first is what the row is called.
  const tags = (RepoTags ?? [])
    .filter(tag => tag !== '<none>:<none>')
    .sort()
    .slice(0, 100);
  return {
    kind: 'image',
    id: Id,
    tags: tags.map(tag => cut(tag, 500)),
    size: Size ?? 0,
    createdAt: timeOf(Created),
    usedBy: [],
  };
}

export function volumeRow({ Name, Driver, Mountpoint, CreatedAt, Labels }: ListedVolume): VolumeRow {
  return {
    kind: 'volume',
    id: Name,
    driver: Driver ?? '',
    mountpoint: cut(Mountpoint ?? '', 4096),
    ...(CreatedAt && { createdAt: timeOf(CreatedAt) }),
    ...projectOf(Labels),
    usedBy: [],
  };
}

export function networkRow({ Id, Name, Driver, Scope, Created, Labels, IPAM }: ListedNetwork): NetworkRow {
  return {
    kind: 'network',
    id: Id,
    name: cut(Name ?? Id.slice(0, 12), 300),
    driver: Driver ?? '',
    scope: Scope ?? '',
    ...(Created && { createdAt: timeOf(Created) }),
    ...projectOf(Labels),
    subnets: (IPAM?.Config ?? []).flatMap(({ Subnet }) => Subnet ?? []).slice(0, 20),
    usedBy: [],
  };
}

function projectOf(labels: Labels | undefined): { project?: string } {
  const project = labels?.['com.docker.compose.project'] ?? labels?.['io.podman.compose.project'];
  return project === undefined ? {} : { project: cut(project, 300) };
}
