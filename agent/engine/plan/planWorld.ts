import { readConfig } from '../../config/readConfig';
import { realPath } from '../../realPath';
import { readPolicies } from '../../config/readPolicies';
import type { Folders } from '../../folders';
import { createIdentityReader } from '../../identity/readIdentity';
import { readRegularFile } from '../../readRegularFile';
import { decodeSource } from '../../runbook/decode';
import type { PlanWorld } from './planSetting';

/** The files of this machine, for plans; made once a process. */
export function planWorld(folders: Pick<Folders, 'config'>): Required<Omit<PlanWorld, 'recorded'>> {
  return {
    readFile: path => decodeSource(readRegularFile(path)),
    identify: realPath,
    identity: createIdentityReader(),
    config: () => readConfig(folders),
    policies: readPolicies,
  };
}
