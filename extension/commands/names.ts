/**
 * Every name that package.json and the code share. A test compares them, so that neither can have one that the
 * other lacks; nobody writes such a name anywhere else.
 */
export const commands = {
  openAsRunbook: 'handrail.openAsRunbook',
  openAsText: 'handrail.openAsText',
  runCell: 'handrail.runCell',
  runRunbook: 'handrail.runRunbook',
  openAt: 'handrail.openAt',
  resetSession: 'handrail.resetSession',
  restartAgent: 'handrail.restartAgent',
  showAgentLog: 'handrail.showAgentLog',
  agentActions: 'handrail.agentActions',
  copyOutput: 'handrail.copyOutput',
  openOutput: 'handrail.openOutput',
  goToLine: 'handrail.goToLine',
  refreshRunbooks: 'handrail.refreshRunbooks',
  filterRunbooks: 'handrail.filterRunbooks',
  clearFilter: 'handrail.clearFilter',
  stopRun: 'handrail.stopRun',
  runAgain: 'handrail.runAgain',
  openRun: 'handrail.openRun',
  openStep: 'handrail.openStep',
  pickRunbook: 'handrail.pickRunbook',
  runWithInputs: 'handrail.runWithInputs',
  showPlan: 'handrail.showPlan',
  answerStep: 'handrail.answerStep',
  stopStep: 'handrail.stopStep',
  resumeRun: 'handrail.resumeRun',
  rollBackRun: 'handrail.rollBackRun',
  compareRun: 'handrail.compareRun',
  openReport: 'handrail.openReport',
  saveReport: 'handrail.saveReport',
  searchOutput: 'handrail.searchOutput',
  setSecret: 'handrail.setSecret',
  forgetSecret: 'handrail.forgetSecret',
} as const;

export const settings = {
  node: 'handrail.node',
  codeLens: 'handrail.codeLens',
  workingFolder: 'handrail.workingFolder',
  runbooksExclude: 'handrail.runbooks.exclude',
} as const;

export const contextKeys = {
  /** How it stands with the agent: the `kind` of an `AgentState`. */
  agent: 'handrail.agent',
  /** Whether the Runbooks view shows only what matches a filter. */
  filtered: 'handrail.filtered',
  /** Whether runbooks are being looked for, so that the view does not say there are none. */
  searching: 'handrail.searching',
} as const;

export const views = {
  runs: 'handrail.runs',
  runbooks: 'handrail.runbooks',
} as const;

/** Values of `viewItem` in menus. */
export const treeItems = {
  runbook: 'handrail.runbook',
  section: 'handrail.section',
  cell: 'handrail.cell',
  runGoing: 'handrail.run.going',
  /** A step of it waits for an approval. */
  runAsks: 'handrail.run.asks',
  runEnded: 'handrail.run.ended',
  /** It ended before its last step, so that it can be gone on with. */
  runStopped: 'handrail.run.stopped',
  step: 'handrail.step',
  stepWithOutput: 'handrail.step.output',
  stepAsks: 'handrail.step.asks',
  /** A background cell that still runs. */
  stepBackground: 'handrail.step.background',
} as const;

export const notebookType = 'handrail-runbook';
export const rendererId = 'handrail-step';
export const controllerId = 'handrail';
export const extensionId = 'handrail.handrail';
