import { join } from 'node:path';
import { parseIni } from './ini';
import { asList, asObject, atHome, readConfig, stated, variable } from './world';
import type { IdentityProvider, IdentityWorld } from './world';

/** https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html */
export const aws: IdentityProvider = {
  kind: 'aws',
  tools: ['aws', 'eksctl', 'sam', 'cdk', 'copilot', 'aws-vault', 'ecs-cli', 'eb', 's5cmd'],
  held: true,
  read(world) {
    const chosen = variable(world, 'AWS_PROFILE') ?? variable(world, 'AWS_DEFAULT_PROFILE');
    const key = variable(world, 'AWS_ACCESS_KEY_ID');
    const path = variable(world, 'AWS_CONFIG_FILE') ?? atHome(world, '.aws', 'config');
    const sections = readConfig(world, path, parseIni);
    const profile = chosen ?? 'default';
    const section = sections?.get(profile === 'default' ? 'default' : `profile ${profile}`);
    if (chosen === undefined && key === undefined && section === undefined && !hasCredentials(world))
      return undefined;
    const account =
      section?.['sso_account_id'] ?? /^arn:[\w-]+:iam::(\d+):/.exec(section?.['role_arn'] ?? '')?.[1];
    const region =
      variable(world, 'AWS_REGION') ?? variable(world, 'AWS_DEFAULT_REGION') ?? section?.['region'];
    // Keys in the environment win over every profile.
    if (key !== undefined)
      return { label: `access key ${key}`, values: stated({ 'access key': key, region }) };
    const label = account === undefined ? profile : `${profile} (${account})`;
    return { label, values: stated({ profile, account, role: section?.['role_arn'], region }) };
  },
};

/** https://cloud.google.com/sdk/docs/configurations */
export const gcloud: IdentityProvider = {
  kind: 'gcloud',
  tools: ['gcloud', 'gsutil', 'bq', 'cbt'],
  held: true,
  read(world) {
    const folder = variable(world, 'CLOUDSDK_CONFIG') ?? atHome(world, '.config', 'gcloud');
    const active = readConfig(world, join(folder, 'active_config'), text => text.trim());
    const configuration =
      variable(world, 'CLOUDSDK_ACTIVE_CONFIG_NAME') ?? (active === '' ? undefined : active) ?? 'default';
    const path = join(folder, 'configurations', `config_${configuration}`);
    const core = readConfig(world, path, parseIni)?.get('core');
    const account = variable(world, 'CLOUDSDK_CORE_ACCOUNT') ?? core?.['account'];
    const project = variable(world, 'CLOUDSDK_CORE_PROJECT') ?? core?.['project'];
    if (account === undefined && project === undefined) return undefined;
    const label = [project, account].filter(part => part !== undefined).join(' as ');
    return { label, values: stated({ configuration, account, project }) };
  },
};

/** `azureProfile.json` of the Azure CLI: https://learn.microsoft.com/cli/azure/azure-cli-configuration */
export const azure: IdentityProvider = {
  kind: 'azure',
  tools: ['az', 'azd', 'azcopy', 'func'],
  held: true,
  read(world) {
    const folder = variable(world, 'AZURE_CONFIG_DIR') ?? atHome(world, '.azure');
    const parse = (text: string): unknown => JSON.parse(text.replace(/^\uFEFF/, ''));
    const profile = asObject(readConfig(world, join(folder, 'azureProfile.json'), parse));
    const subscriptions = asList(profile['subscriptions']).map(asObject);
    const chosen = subscriptions.find(subscription => subscription['isDefault'] === true);
    if (chosen === undefined) return undefined;
    const { id, name, tenantId } = stated(chosen);
    const user = stated(asObject(chosen['user']))['name'];
    const label = [name ?? id, user].filter(part => part !== undefined).join(' as ');
    return { label, values: stated({ subscription: id, name, tenant: tenantId, user }) };
  },
};

function hasCredentials(world: IdentityWorld): boolean {
  const path = variable(world, 'AWS_SHARED_CREDENTIALS_FILE') ?? atHome(world, '.aws', 'credentials');
  // Its names only: what else stands in it is nobody's business here.
  return readConfig(world, path, text => /^\s*\[default\]/m.test(text)) === true;
}
