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
  startContainer: 'handrail.startContainer',
  stopContainer: 'handrail.stopContainer',
  restartContainer: 'handrail.restartContainer',
  pauseContainer: 'handrail.pauseContainer',
  unpauseContainer: 'handrail.unpauseContainer',
  killContainer: 'handrail.killContainer',
  renameContainer: 'handrail.renameContainer',
  removeContainer: 'handrail.removeContainer',
  removeImage: 'handrail.removeImage',
  removeVolume: 'handrail.removeVolume',
  removeNetwork: 'handrail.removeNetwork',
  pruneEngine: 'handrail.pruneEngine',
  pullImage: 'handrail.pullImage',
  runImage: 'handrail.runImage',
  inspectObject: 'handrail.inspectObject',
  inspectObjectAsJson: 'handrail.inspectObjectAsJson',
  listProcesses: 'handrail.listProcesses',
  showImageHistory: 'handrail.showImageHistory',
  showEnvironment: 'handrail.showEnvironment',
  revealEnvironment: 'handrail.revealEnvironment',
  openPort: 'handrail.openPort',
  openMount: 'handrail.openMount',
  copyObjectName: 'handrail.copyObjectName',
  copyObjectId: 'handrail.copyObjectId',
  showAsCommand: 'handrail.showAsCommand',
  showLogs: 'handrail.showLogs',
  browseFiles: 'handrail.browseFiles',
  compose: 'handrail.compose',
  openShell: 'handrail.openShell',
  execInContainer: 'handrail.execInContainer',
  insertTarget: 'handrail.insertTarget',
  runCellHere: 'handrail.runCellHere',
  addEndpoint: 'handrail.addEndpoint',
  installEngine: 'handrail.installEngine',
  openEngineFile: 'handrail.openEngineFile',
  retryEndpoint: 'handrail.retryEndpoint',
  letEndpointGo: 'handrail.letEndpointGo',
  refreshContainers: 'handrail.refreshContainers',
  filterContainers: 'handrail.filterContainers',
  clearContainerFilter: 'handrail.clearContainerFilter',
  groupContainers: 'handrail.groupContainers',
  hideStopped: 'handrail.hideStopped',
  showStopped: 'handrail.showStopped',
  refreshClusters: 'handrail.refreshClusters',
  addKubeconfig: 'handrail.addKubeconfig',
  retryContext: 'handrail.retryContext',
  letContextGo: 'handrail.letContextGo',
  filterClusters: 'handrail.filterClusters',
  clearClusterFilter: 'handrail.clearClusterFilter',
  showNamespace: 'handrail.showNamespace',
  addFavourite: 'handrail.addFavourite',
  removeFavourite: 'handrail.removeFavourite',
  openYaml: 'handrail.openYaml',
  showEvents: 'handrail.showEvents',
  copyClusterName: 'handrail.copyClusterName',
  editYaml: 'handrail.editYaml',
  compareWithCluster: 'handrail.compareWithCluster',
  applyToCluster: 'handrail.applyToCluster',
} as const;

export const settings = {
  node: 'handrail.node',
  codeLens: 'handrail.codeLens',
  workingFolder: 'handrail.workingFolder',
  followRun: 'handrail.followRun',
  runbooksExclude: 'handrail.runbooks.exclude',
} as const;

export const contextKeys = {
  /** How it stands with the agent: the `kind` of an `AgentState`. */
  agent: 'handrail.agent',
  /** Whether the Runbooks view shows only what matches a filter. */
  filtered: 'handrail.filtered',
  /** Whether runbooks are being looked for, so that the view does not say there are none. */
  searching: 'handrail.searching',
  /** Whether the Containers view shows only what matches a filter. */
  containersFiltered: 'handrail.containersFiltered',
  /** Whether the Containers view leaves stopped containers out. */
  stoppedHidden: 'handrail.stoppedHidden',
  /** Whether the Clusters view shows only what matches a filter. */
  clustersFiltered: 'handrail.clustersFiltered',
} as const;

export const views = {
  runs: 'handrail.runs',
  runbooks: 'handrail.runbooks',
  containers: 'handrail.containers',
  clusters: 'handrail.clusters',
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
  endpointIdle: 'handrail.endpoint.idle',
  endpointConnecting: 'handrail.endpoint.connecting',
  endpointConnected: 'handrail.endpoint.connected',
  endpointFailed: 'handrail.endpoint.failed',
  containers: 'handrail.all.containers',
  images: 'handrail.all.images',
  volumes: 'handrail.all.volumes',
  networks: 'handrail.all.networks',
  project: 'handrail.project',
  service: 'handrail.service',
  /** Containers with one value of a label. */
  labelled: 'handrail.labelled',
  containerRunning: 'handrail.container.running',
  /** Running, with a port that a browser can open. */
  containerPublished: 'handrail.container.running.published',
  containerPaused: 'handrail.container.paused',
  containerRestarting: 'handrail.container.restarting',
  containerStopped: 'handrail.container.stopped',
  /** Nobody can tell how it is now, or it is on its way out. */
  containerStale: 'handrail.container.stale',
  image: 'handrail.image',
  volume: 'handrail.volume',
  network: 'handrail.network',
  contextIdle: 'handrail.context.idle',
  contextConnecting: 'handrail.context.connecting',
  contextConnected: 'handrail.context.connected',
  contextFailed: 'handrail.context.failed',
  namespace: 'handrail.namespace',
  namespaceFavourite: 'handrail.namespace.favourite',
  clusterSection: 'handrail.cluster.section',
  clusterObject: 'handrail.cluster.object',
  pod: 'handrail.cluster.object.pod',
  /** What has pods that cells can run in. */
  workload: 'handrail.cluster.object.workload',
  podContainer: 'handrail.cluster.container',
} as const;

export const notebookType = 'handrail-runbook';
export const rendererId = 'handrail-step';
export const controllerId = 'handrail';
export const extensionId = 'handrail.handrail';
