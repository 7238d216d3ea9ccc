import { metadataOf } from '../../agent/runbook/cellOrigin';
import type { NotebookCell } from '../../agent/runbook/notebook';
import type { StatusLabel } from './cellLabels';

/** What a code cell that does not run is: VS Code has a play button on every code cell. */
export function restingLabel(cell: NotebookCell): StatusLabel {
  if (metadataOf(cell).origin?.role === 'front-matter') {
    const tooltip =
      'This is the front matter of the runbook: its title, inputs, secrets, requirements and defaults. It does not run.';
    return { text: 'front matter · does not run', tooltip };
  }
  const tooltip = `A cell in the language ${cell.languageId} does not run. Choose another language for it, such as Shell Script or Python.`;
  return { text: 'does not run', tooltip };
}
