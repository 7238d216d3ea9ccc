import {
  actionCommand,
  actOn,
  composeDo,
  downloadFrom,
  execIn,
  listFiles,
  previewPrune,
  prune,
  pullImage,
  readFileIn,
  runImage,
  uploadTo,
} from '../protocol/containerActions';
import {
  imageHistory,
  inspectObject,
  listProcesses,
  unwatchEngine,
  watchEngine,
  watchStats,
} from '../protocol/containers';
import { actOnObjects, objectCommand } from '../protocol/clusterActions';
import { listReleases, listRevisions, readRelease } from '../protocol/clusterHelm';
import { applyManifests, compareManifests, editObject } from '../protocol/clusterManifests';
import {
  describeObject,
  getObject,
  getRollout,
  listAllowed,
  listEvents,
  listPodContainers,
  readMetrics,
} from '../protocol/clusterObjects';
import {
  debugPod,
  drainNode,
  endForward,
  execInPod,
  forwardPort,
  openPodLog,
  savePodLog,
} from '../protocol/clusterStreams';
import { unwatchTable, watchTable } from '../protocol/clusters';
import { listContexts, retryContext, unwatchContext, watchContext } from '../protocol/contexts';
import { listEndpoints, retryEndpoint } from '../protocol/endpoints';
import { agentStatus, shutdown } from '../protocol/handshake';
import { compareRuns, reportRun, searchRuns } from '../protocol/history';
import { checkHistory, muteCheck } from '../protocol/checkHistory';
import { closeLog, openLog, saveLog } from '../protocol/logs';
import { exportOutput, outputText, readOutput, resizeTerminal, writeInput } from '../protocol/output';
import {
  answerStep,
  cancelRun,
  getRun,
  lastInputs,
  lastSteps,
  listRuns,
  planRun,
  startRun,
  unwatchRuns,
  watchRuns,
} from '../protocol/runs';
import { newCommands, probeCheck, readChecks, watchChecks } from '../protocol/health';
import { listSessions, resetSession } from '../protocol/sessions';
import { closeStream, resizeStream, writeStream } from '../protocol/streams';
import { leaveWhenIdle, tellStatus } from './agentRequests';
import {
  findKubeContexts,
  retryCluster,
  stopWatchingCluster,
  stopWatchingKind,
  tellAllowed,
  tellDescription,
  tellEvents,
  tellKubectl,
  tellObject,
  tellPodContainers,
  watchCluster,
  watchKind,
} from './clusterRequests';
import { tellRelease, tellReleases, tellRevisions } from './clusters/helmRequests';
import { applyToCluster, changeObject, compareWithCluster } from './clusters/manifestRequests';
import { actOnEachObject, tellMetrics, tellRollout } from './clusters/objectActions';
import {
  beginForward,
  followPodLog,
  savePodLogTo,
  startInPod,
  stopForward,
  startDebug,
  startDrain,
} from './clusters/podStreams';
import {
  actOnEach,
  pruneKind,
  pullToEngine,
  runCompose,
  runOnEngine,
  startIn,
  tellCommands,
  tellPrunable,
} from './engineActions';
import {
  findEngines,
  inspect,
  retry,
  stopWatchingRows,
  tellHistory,
  tellProcesses,
  watchRows,
  watchUsage,
} from './engineRequests';
import { download, tellFile, tellFiles, upload } from './fileRequests';
import { muteUntil, tellHistoryOfCheck } from './checkRequests';
import { probeNow, readHealth, tellNewCommands, watchHealth } from './healthRequests';
import { compareRecorded, searchRecorded, tellLastInputs } from './historyRequests';
import { endLog, followLog, saveToFile } from './logRequests';
import { exportStepOutput, readStepOutput, resizeStep, tellOutputText, writeToStep } from './outputRequests';
import { plan } from './planRequests';
import {
  answer,
  cancel,
  listRecorded,
  tellLastSteps,
  tellRun,
  start,
  stopWatching,
  watch,
} from './runRequests';
import { reportToFile } from './reportRequests';
import { forgetSession, tellSessions } from './sessionRequests';
import { endStream, resizeStreamTo, writeToStream } from './streamRequests';
import { route, type Route } from './route';

const routes: readonly Route[] = [
  route(agentStatus, 'any', tellStatus),
  route(shutdown, 'any', leaveWhenIdle),
  route(startRun, 'trusted', start),
  // What a runbook requires is looked at by commands that stand in it.
  route(planRun, 'trusted', plan),
  route(cancelRun, 'trusted', cancel),
  route(answerStep, 'trusted', answer),
  route(listRuns, 'all', listRecorded),
  route(getRun, 'all', tellRun),
  route(lastSteps, 'all', tellLastSteps),
  route(lastInputs, 'all', tellLastInputs),
  route(searchRuns, 'all', searchRecorded),
  route(compareRuns, 'all', compareRecorded),
  route(reportRun, 'trusted', reportToFile),
  route(watchRuns, 'all', watch),
  route(unwatchRuns, 'all', stopWatching),
  route(readOutput, 'all', readStepOutput),
  route(outputText, 'all', tellOutputText),
  route(exportOutput, 'all', exportStepOutput),
  route(writeInput, 'trusted', writeToStep),
  route(resizeTerminal, 'trusted', resizeStep),
  route(listSessions, 'all', tellSessions),
  route(resetSession, 'trusted', forgetSession),
  // To contact an engine or a cluster is to do something: nothing of it for a workspace that is not trusted.
  route(listEndpoints, 'trusted', findEngines),
  route(retryEndpoint, 'trusted', retry),
  route(watchEngine, 'trusted', watchRows),
  route(unwatchEngine, 'trusted', stopWatchingRows),
  route(inspectObject, 'trusted', inspect),
  route(listProcesses, 'trusted', tellProcesses),
  route(imageHistory, 'trusted', tellHistory),
  route(watchStats, 'trusted', watchUsage),
  route(actOn, 'trusted', actOnEach),
  route(actionCommand, 'trusted', tellCommands),
  route(previewPrune, 'trusted', tellPrunable),
  route(prune, 'trusted', pruneKind),
  route(pullImage, 'trusted', pullToEngine),
  route(runImage, 'trusted', runOnEngine),
  route(execIn, 'trusted', startIn),
  route(composeDo, 'trusted', runCompose),
  route(listFiles, 'trusted', tellFiles),
  route(readFileIn, 'trusted', tellFile),
  route(downloadFrom, 'trusted', download),
  route(uploadTo, 'trusted', upload),
  route(openLog, 'trusted', followLog),
  route(closeLog, 'trusted', endLog),
  route(saveLog, 'trusted', saveToFile),
  // Checks contact what they name, and some run commands.
  route(watchChecks, 'trusted', watchHealth),
  route(readChecks, 'all', readHealth),
  route(newCommands, 'all', tellNewCommands),
  route(probeCheck, 'trusted', probeNow),
  route(checkHistory, 'all', tellHistoryOfCheck),
  route(muteCheck, 'trusted', muteUntil),
  route(listContexts, 'trusted', findKubeContexts),
  route(watchContext, 'trusted', watchCluster),
  route(unwatchContext, 'trusted', stopWatchingCluster),
  route(retryContext, 'trusted', retryCluster),
  route(watchTable, 'trusted', watchKind),
  route(unwatchTable, 'trusted', stopWatchingKind),
  route(getObject, 'trusted', tellObject),
  route(listEvents, 'trusted', tellEvents),
  route(describeObject, 'trusted', tellDescription),
  route(listPodContainers, 'trusted', tellPodContainers),
  route(listAllowed, 'trusted', tellAllowed),
  route(objectCommand, 'trusted', tellKubectl),
  route(actOnObjects, 'trusted', actOnEachObject),
  route(listReleases, 'trusted', tellReleases),
  route(listRevisions, 'trusted', tellRevisions),
  route(readRelease, 'trusted', tellRelease),
  route(compareManifests, 'trusted', compareWithCluster),
  route(applyManifests, 'trusted', applyToCluster),
  route(editObject, 'trusted', changeObject),
  route(getRollout, 'trusted', tellRollout),
  route(openPodLog, 'trusted', followPodLog),
  route(savePodLog, 'trusted', savePodLogTo),
  route(readMetrics, 'trusted', tellMetrics),
  route(execInPod, 'trusted', startInPod),
  route(debugPod, 'trusted', startDebug),
  route(drainNode, 'trusted', startDrain),
  route(forwardPort, 'trusted', beginForward),
  route(endForward, 'trusted', stopForward),
  route(writeStream, 'trusted', writeToStream),
  route(resizeStream, 'trusted', resizeStreamTo),
  route(closeStream, 'trusted', endStream),
];

/** Every request that the agent answers, by method: its schema, who may send it and what answers it. */
export const requestTable: ReadonlyMap<string, Route> = new Map(routes.map(each => [each.method, each]));
