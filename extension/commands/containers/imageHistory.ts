import { imageHistory, type ImageLayer } from '../../../agent/protocol/containers';
import type { AgentClient } from '../../agent/agentClient';
import { ageText, sizeText } from '../../views/containers/measures';
import { imageName } from '../../views/containers/objectWords';
import type { Targets } from './targets';
import type { TextPages } from './textPages';
import { textTable } from './textTable';

interface Ports {
  readonly agent: AgentClient;
  readonly targets: Targets;
  readonly texts: TextPages;
}

/** Shows how an image was built: its steps, the last one first, and what each added. */
export async function showImageHistory({ agent, targets, texts }: Ports, first: unknown): Promise<void> {
  const [image] = await targets.objects([first, undefined], 'image', 'History of Which Image?', false);
  if (image === undefined) return;
  const { endpoint, row } = image;
  const { layers } = await agent.request(imageHistory, { endpoint, image: row.id });
  await texts.show(
    `${imageName(row)} history.txt`,
    JSON.stringify([endpoint, row.id]),
    historyText(layers, Date.now()),
  );
}

/** Steps as a table; the instruction comes last, as it is the longest. */
export function historyText(layers: readonly ImageLayer[], now: number): string {
  if (layers.length === 0) return 'This image does not tell how it was built.\n';
  const rows = layers.map(({ createdAt, by, size, tags, comment }) => [
    createdAt > 0 ? `${ageText(now - createdAt)} ago` : '',
    size === 0 ? '0' : sizeText(size),
    tags.join(', '),
    // What classic builders put before each instruction that runs nothing.
    [by.replace(/^\/bin\/sh -c #\(nop\)\s+/, ''), comment].filter(Boolean).join('  # '),
  ]);
  return textTable(['CREATED', 'SIZE', 'TAGS', 'STEP'], rows);
}
