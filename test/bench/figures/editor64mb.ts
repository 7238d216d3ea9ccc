import { CannotInstall } from '../../support/realSystem';
import { inBrowser } from '../../vscode/places';
import { runSuite } from '../../vscode/runSuite';
import { CannotMeasure, type Figure } from '../figure';

/** 64 MB from a cell to the renderer in a real VS Code; measured by `test/vscode/suites/bench64mb.ts`. */
export const editor64mb: Figure = {
  name: 'editor-64mb',
  async measure() {
    const values: Record<string, number> = {};
    try {
      await runSuite({ name: 'bench64mb', workspace: 'bench' }, inBrowser, report => {
        if (report.type === 'figure') values[report.name] = report.value;
        else if (report.error) throw new Error(report.error);
      });
    } catch (error) {
      if (error instanceof CannotInstall) throw new CannotMeasure(error.message);
      throw error;
    }
    const value = (name: string) => values[name] ?? Number.NaN;
    return [
      { name: 'editor-64mb', value: value('shown'), unit: 'ms', budget: 6000 },
      { name: 'editor-64mb-longest-wait', value: value('longestWait'), unit: 'ms', budget: 100 },
      { name: 'editor-64mb-renderer-heap', value: value('rendererHeap'), unit: 'MB', budget: 150 },
      { name: 'editor-64mb-host-resident', value: value('hostGrowth'), unit: 'MB', budget: 150 },
    ];
  },
};
