import { checkMayChange } from '../checkMayChange';
import type { ClusterParts } from '../clusterCommands';
import { actOnChosen } from './actOnChosen';
import { type ClusterQuestion, confirmChange } from './confirmChange';
import { type ChosenRow, objectsOf, type Rows } from './objectsOf';

const orphaning = 'Delete, Leaving What It Owns';
const atOnce = 'Delete at Once';

/** Deletes objects after asking; what is on its way out and does not go can be let go of what holds it. */
export async function deleteObjects(parts: ClusterParts, rows: Rows): Promise<void> {
  const chosen = await objectsOf(parts, rows, 'Delete What?');
  if (chosen.length === 0) return;
  if (chosen.every(({ row }) => row?.state === 'terminating')) return removeFinalizers(parts, chosen);
  await checkMayChange(parts, chosen, 'delete');
  const answer = await confirmChange(parts, chosen, { verb: 'Delete', ways: waysFor(chosen) });
  if (answer === undefined) return;
  const propagation = answer === orphaning ? 'orphan' : 'background';
  await actOnChosen(parts, { do: 'delete', propagation, ...(answer === atOnce && { grace: 0 }) }, chosen);
}

function waysFor(chosen: readonly ChosenRow[]): ClusterQuestion['ways'] {
  if (chosen.every(({ object }) => object.kind === 'pods'))
    return [
      { label: 'Delete', detail: 'It gets its time to end. One that a workload controls is made again.' },
      { label: atOnce, detail: 'It gets no time to end; the cluster forgets it though it may still run.' },
    ];
  const isNamespace = chosen.some(({ object }) => object.kind === 'namespaces');
  const goes = isNamespace ? 'With all that is in it.' : 'What it owns (pods, Jobs …) goes after it.';
  const finalizers = 'Finalizers may hold it for a while.';
  return [
    { label: 'Delete', detail: `${goes} ${finalizers}` },
    ...(isNamespace ? [] : [{ label: orphaning, detail: 'Its pods, Jobs … go on without it.' }]),
  ];
}

async function removeFinalizers(parts: ClusterParts, chosen: readonly ChosenRow[]): Promise<void> {
  await checkMayChange(parts, chosen, 'mark');
  const why = new Set(chosen.flatMap(({ row }) => row?.problem?.message ?? []));
  const detail = 'It goes at once; what they were to tidy up is left as it is.';
  const answer = await confirmChange(parts, chosen, {
    verb: 'Remove the Finalizers of',
    ways: [{ label: 'Remove Finalizers', detail: [...why, detail].join(' · ') }],
  });
  if (answer !== undefined) await actOnChosen(parts, { do: 'removeFinalizers' }, chosen);
}
