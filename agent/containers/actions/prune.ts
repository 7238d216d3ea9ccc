import type Docker from 'dockerode';
import type { PruneKind } from '../../protocol/containerActions';
import { cut } from '../../text/cut';

/** What pruning takes away. */
export interface Prunable {
  readonly count: number;
  /** At most 100. */
  readonly names: string[];
  readonly bytes?: number;
}

interface Thing {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** https://docs.docker.com/reference/api/engine/version/v1.44/#tag/System/operation/SystemDataUsage */
interface Usage {
  readonly Images?: readonly UsedImage[] | null;
  readonly Containers?: readonly UsedContainer[] | null;
  readonly Volumes?: readonly UsedVolume[] | null;
  readonly BuildCache?: readonly UsedCache[] | null;
}
interface UsedImage {
  readonly Id: string;
  readonly RepoTags?: readonly string[] | null;
  readonly Size?: number;
  readonly SharedSize?: number;
  readonly Containers?: number;
}
interface UsedContainer {
  readonly Id: string;
  readonly Names?: readonly string[] | null;
  readonly State?: string;
  readonly SizeRw?: number;
}
interface UsedVolume {
  readonly Name: string;
  readonly UsageData?: { readonly RefCount?: number; readonly Size?: number } | null;
}
interface UsedCache {
  readonly ID: string;
  readonly Description?: string;
  readonly InUse?: boolean;
  readonly Size?: number;
}

/** What pruning a kind would take away now. */
export async function previewPrune(docker: Docker, kind: PruneKind): Promise<Prunable> {
  const things = await prunable(docker, kind);
  const names = things.slice(0, 100).map(({ name }) => cut(name, 200));
  if (kind === 'networks') return { count: things.length, names };
  return { count: things.length, names, bytes: things.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Prunes a kind. `all`: whether the engine has to be told that volumes with names count, too. */
export async function prune(
  docker: Docker,
  kind: PruneKind,
  all: boolean,
): Promise<{ count: number; bytes: number }> {
  const filters = all ? { all: ['true'] } : {};
  switch (kind) {
    case 'containers':
      return counted(await docker.pruneContainers(), 'ContainersDeleted');
    case 'volumes':
      return counted(await docker.pruneVolumes({ filters }), 'VolumesDeleted');
    case 'networks':
      return counted(await docker.pruneNetworks(), 'NetworksDeleted');
    case 'buildCache':
      return counted(await pruneBuilder(docker), 'CachesDeleted');
    case 'images':
    case 'danglingImages':
      return pruneImages(docker, kind);
  }
}

/** Engines tell each layer that went; a person counts images. */
async function pruneImages(
  docker: Docker,
  kind: 'images' | 'danglingImages',
): Promise<{ count: number; bytes: number }> {
  const before = new Set((await docker.listImages()).map(({ Id }) => Id));
  const dangling = [String(kind === 'danglingImages')];
  const { ImagesDeleted, SpaceReclaimed = 0 } = await docker.pruneImages({ filters: { dangling } });
  const deleted = (ImagesDeleted as readonly { Deleted?: string }[] | null) ?? [];
  return { count: deleted.filter(({ Deleted }) => before.has(Deleted ?? '')).length, bytes: SpaceReclaimed };
}

async function pruneBuilder(docker: Docker): Promise<unknown> {
  return (docker as unknown as { pruneBuilder(): Promise<unknown> }).pruneBuilder();
}

function counted(answer: unknown, key: string): { count: number; bytes: number } {
  const { [key]: deleted, SpaceReclaimed: bytes } = answer as Record<string, unknown>;
  return {
    count: Array.isArray(deleted) ? deleted.length : 0,
    bytes: typeof bytes === 'number' ? bytes : 0,
  };
}

async function prunable(docker: Docker, kind: PruneKind): Promise<Thing[]> {
  if (kind === 'networks') {
    const networks = await docker.listNetworks({ filters: { dangling: ['true'] } });
    return networks.map(({ Id, Name }) => ({ id: Id, name: Name, bytes: 0 }));
  }
  const usage = (await docker.df()) as Usage;
  switch (kind) {
    case 'containers':
      return stopped(usage.Containers ?? []);
    case 'volumes':
      return unusedVolumes(usage.Volumes ?? []);
    case 'buildCache':
      return (usage.BuildCache ?? [])
        .filter(({ InUse }) => InUse !== true)
        .map(({ ID, Description, Size = 0 }) => ({ id: ID, name: Description ?? ID, bytes: Size }));
    case 'images':
    case 'danglingImages':
      return unusedImages(usage.Images ?? [], kind === 'danglingImages');
  }
}

function stopped(containers: readonly UsedContainer[]): Thing[] {
  return containers
    .filter(({ State = '' }) => /^(exited|created|dead)$/.test(State))
    .map(({ Id, Names, SizeRw = 0 }) => ({
      id: Id,
      name: Names?.[0]?.replace(/^\//, '') ?? Id.slice(0, 12),
      bytes: SizeRw,
    }));
}

function unusedVolumes(volumes: readonly UsedVolume[]): Thing[] {
  return volumes
    .filter(({ UsageData }) => UsageData?.RefCount === 0)
    .map(({ Name, UsageData }) => ({ id: Name, name: Name, bytes: Math.max(0, UsageData?.Size ?? 0) }));
}

function unusedImages(images: readonly UsedImage[], dangling: boolean): Thing[] {
  return images
    .map(image => ({ ...image, tags: (image.RepoTags ?? []).filter(tag => !tag.startsWith('<none>')) }))
    .filter(({ Containers, tags }) => Containers === 0 && (!dangling || tags.length === 0))
    .map(({ Id, tags, Size = 0, SharedSize = 0 }) => ({
      id: Id,
      name: tags.join(', ') || Id.slice(0, 19),
      bytes: Math.max(0, Size - Math.max(0, SharedSize)),
    }));
}
