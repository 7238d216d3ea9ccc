import { sayTime } from '../../../agent/protocol/words';
import type { ClusterFeed } from '../../agent/clusterFeed';
import type { PortForwards } from '../../clusters/portForwards';
import { plainTooltip } from '../containers/tooltips';
import type { ClusterModel } from './clusterModel';
import type { ClusterNode } from './clusterNode';
import type { ClusterUsage } from './clusterUsage';
import { objectFacts } from './clusterWords';
import { forwardFacts } from './forwardRows';
import type { HelmReleases } from './helmReleases';
import { releaseFacts } from './helmRows';
import { usageTable } from './usageHistory';

interface Known {
  readonly feed: ClusterFeed;
  readonly model: ClusterModel;
  readonly releases: HelmReleases;
  readonly usage: ClusterUsage;
  readonly forwards: PortForwards;
}

/** All that is known of a row, as Markdown; what comes from a cluster is escaped. Undefined where the row says it all. */
export function clusterTooltip(known: Known, node: ClusterNode): string | undefined {
  const lines = factsOf(known, node);
  if (lines === undefined) return undefined;
  if (node.kind !== 'object' || (node.of !== 'pods' && node.of !== 'nodes')) return plainTooltip(lines);
  const row = known.model.row(node);
  const key = { context: node.context, kind: node.of, namespace: node.within };
  const samples = row && known.usage.of(key, row);
  if (samples !== undefined) return `${plainTooltip(lines)}\n\n${usageTable(samples)}`;
  const why = known.usage.whyNone(node.context);
  return plainTooltip(why === undefined ? lines : [...lines, '', why]);
}

function factsOf({ feed, model, releases, forwards }: Known, node: ClusterNode): string[] | undefined {
  switch (node.kind) {
    case 'context':
      return contextFacts(feed, node.context);
    case 'namespace':
    case 'object': {
      const row = node.kind === 'object' ? model.row(node) : model.namespace(node);
      const columns = node.kind === 'object' ? model.columnsOf(node) : [];
      return row && objectFacts(row, columns).map(([name, value]) => `${name}: ${value}`);
    }
    case 'release': {
      const release = releases.find(node);
      return release && releaseFacts(release, sayTime);
    }
    case 'revision':
      return releaseFacts(node.revision, sayTime);
    case 'forward': {
      const forward = forwards.find(node.key);
      return forward && forwardFacts(forward);
    }
    default:
      return undefined;
  }
}

function contextFacts(feed: ClusterFeed, id: string): string[] | undefined {
  const context = feed.context(id);
  if (context === undefined) return undefined;
  const { name, server, user, namespace, file, state } = context;
  const trouble = state.kind === 'failed' ? [state.message, state.hint ?? ''] : [];
  const place = [server, `as ${user}`, `namespace ${namespace || 'default'}`, `from ${file}`];
  return [name, ...trouble, '', ...place];
}
