import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { IdentityFact } from '../protocol/plan';
import { asObject, atHome, readConfig, stated, variable } from './world';
import type { IdentityProvider, IdentityWorld } from './world';

/** Workspace of OpenTofu and Terraform: https://opentofu.org/docs/language/state/workspaces/ */
export const tofu: IdentityProvider = {
  kind: 'tofu',
  tools: ['tofu', 'terraform', 'terragrunt', 'tflint'],
  held: true,
  read(world) {
    const data = resolve(world.cwd, variable(world, 'TF_DATA_DIR') ?? '.terraform');
    const chosen = readConfig(world, join(data, 'environment'), text => text.trim());
    const given = variable(world, 'TF_WORKSPACE');
    if (given === undefined && !existsSync(data)) return undefined;
    const workspace = given ?? (chosen === undefined || chosen === '' ? 'default' : chosen);
    return { label: `workspace ${workspace}`, values: { workspace, folder: world.cwd } };
  },
};

/** Docker's endpoint: https://docs.docker.com/engine/manage-resources/contexts/ */
export const docker: IdentityProvider = {
  kind: 'docker',
  tools: ['docker', 'docker-compose', 'buildx', 'dive', 'lazydocker', 'ctop'],
  held: true,
  read(world) {
    const host = variable(world, 'DOCKER_HOST');
    if (host !== undefined) return { label: host, values: { endpoint: host } };
    const folder = variable(world, 'DOCKER_CONFIG') ?? atHome(world, '.docker');
    const config = asObject(readConfig(world, join(folder, 'config.json'), parseJson));
    const { currentContext } = stated(config);
    const context = variable(world, 'DOCKER_CONTEXT') ?? currentContext ?? 'default';
    const endpoint = context === 'default' ? defaultEndpoint : endpointOf(world, folder, context);
    return { label: context, values: stated({ context, endpoint }) };
  },
};

/** The engine of a context, whichever is in use; undefined where no file has it. */
export function namedDocker(
  world: IdentityWorld,
  context: string,
): Pick<IdentityFact, 'label' | 'values'> | undefined {
  const folder = variable(world, 'DOCKER_CONFIG') ?? atHome(world, '.docker');
  const endpoint = context === 'default' ? defaultEndpoint : endpointOf(world, folder, context);
  return endpoint === undefined ? undefined : { label: endpoint, values: { context, endpoint } };
}

const defaultEndpoint = 'unix:///var/run/docker.sock';

/** The commit and branch that are checked out: https://git-scm.com/docs/gitrepository-layout */
export const git: IdentityProvider = {
  kind: 'git',
  tools: ['git', 'gh', 'glab'],
  held: false,
  read(world) {
    const folder = gitFolder(world);
    if (folder === undefined) return undefined;
    const head = readConfig(world, join(folder, 'HEAD'), text => text.trim());
    const ref = /^ref: (.+)$/.exec(head ?? '')?.[1];
    const branch = ref?.replace(/^refs\/heads\//, '');
    const commit = ref === undefined ? head : commitOf(world, folder, ref);
    if (commit === undefined && branch === undefined) return undefined;
    const label = [shortened(branch), commit?.slice(0, 7)].filter(part => part !== undefined).join('@');
    return { label, values: stated({ branch, commit }) };
  },
};

/** A branch may be called after the whole of its purpose; its end is what it is about. */
function shortened(branch: string | undefined): string | undefined {
  return branch !== undefined && branch.length > longest ? `…${branch.slice(1 - longest)}` : branch;
}

const longest = 40;

function endpointOf(world: IdentityWorld, folder: string, context: string): string | undefined {
  const id = createHash('sha256').update(context).digest('hex');
  const meta = asObject(readConfig(world, join(folder, 'contexts', 'meta', id, 'meta.json'), parseJson));
  return stated(asObject(asObject(meta['Endpoints'])['docker']))['Host'];
}

/** `.git`, or what a `.git` file of a worktree or submodule points to. */
function gitFolder(world: IdentityWorld): string | undefined {
  for (let at = world.cwd; ; at = dirname(at)) {
    const found = join(at, '.git');
    const pointer = readConfig(world, found, text => /^gitdir: (.+)$/m.exec(text)?.[1]);
    if (pointer !== undefined) return resolve(at, pointer);
    if (existsSync(join(found, 'HEAD'))) return found;
    if (dirname(at) === at) return undefined;
  }
}

function commitOf(world: IdentityWorld, folder: string, ref: string): string | undefined {
  const common = readConfig(world, join(folder, 'commondir'), text => text.trim());
  const places = common === undefined ? [folder] : [folder, resolve(folder, common)];
  for (const place of places) {
    const loose = readConfig(world, join(place, ref), text => text.trim());
    const packed = readConfig(world, join(place, 'packed-refs'), text =>
      text.split('\n').find(line => line.endsWith(` ${ref}`)),
    );
    const commit = loose ?? packed?.split(' ')[0];
    if (commit !== undefined) return commit;
  }
  return undefined;
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}
