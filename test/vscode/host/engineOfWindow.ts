import type { Context } from 'mocha';
import * as vscode from 'vscode';
import { dockerd, startDocker, type DockerOptions } from '../../support/engine/dockerd';
import type { RealEngine } from '../../support/engine/engine';
import { needs } from '../../support/realSystem';
import { hasPage } from './page';

/** The endpoint that Docker's own program would use, and nothing of this machine's. */
export const endpoint = 'environment';

/**
 * A real Docker for the suite around it, which the window finds in its environment. `prepare` makes what is to be there.
 * @returns the engine, once the suite has begun
 */
export function dockerOfWindow(
  options: DockerOptions,
  prepare: (engine: RealEngine) => Promise<void>,
): () => RealEngine {
  const outside = { ...process.env };
  let engine: RealEngine | undefined;
  before(async function (this: Context) {
    if (!hasPage()) this.skip();
    await needs(dockerd).call(this);
    engine = await startDocker(options);
    await prepare(engine);
    Object.assign(process.env, engine.env);
  });
  after(async () => {
    for (const name of Object.keys(engine?.env ?? {})) {
      if (outside[name] === undefined) delete process.env[name];
      else process.env[name] = outside[name];
    }
    await engine?.[Symbol.asyncDispose]();
  });
  return () => {
    if (engine === undefined) throw new Error('the suite has not begun');
    return engine;
  };
}

/** Shows the view alone, so that all of it is in sight: rows further down are not drawn. */
export async function showContainers(): Promise<void> {
  await vscode.commands.executeCommand('workbench.view.extension.handrail');
  for (const other of ['health', 'runs', 'runbooks'])
    await vscode.commands.executeCommand(`handrail.${other}.removeView`);
  await vscode.commands.executeCommand('handrail.containers.focus');
  await vscode.commands.executeCommand('handrail.refreshContainers');
}

/** The row of a container, as a menu gives it to a command. */
export async function containerNode(engine: RealEngine, name: string, on = endpoint): Promise<unknown> {
  const object = await engine.docker('inspect', '--format', '{{.Id}}', name);
  return { kind: 'object', id: `${on}/container/${object}`, endpoint: on, of: 'container', object };
}

/** Options of `docker run` that make a container one of a compose project. */
export function ofProject(project: string, service: string): string[] {
  return Object.entries({ project, service, 'container-number': '1' }).flatMap(([name, value]) => [
    '--label',
    `com.docker.compose.${name}=${value}`,
  ]);
}
