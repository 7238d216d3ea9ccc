import type { ClusterAction } from '../../../../agent/protocol/clusterActions';

/** What has been done to an object, as a word: `scaled`. */
export const doneWords = {
  scale: 'scaled',
  restart: 'restarted',
  pauseRollout: 'paused',
  resumeRollout: 'resumed',
  undoRollout: 'taken back',
  setImage: 'given the image',
  suspend: 'suspended',
  resume: 'resumed',
  runNow: 'started',
  delete: 'deleted',
  removeFinalizers: 'let go of its finalizers',
  cordon: 'cordoned',
  uncordon: 'uncordoned',
  label: 'labelled',
  annotate: 'annotated',
} as const satisfies Record<ClusterAction['do'], string>;
