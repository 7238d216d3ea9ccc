import { existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type Docker from 'dockerode';
import { HandrailError } from '../../protocol/errors';

/** A compose project as its containers tell of it. */
export interface ComposeProject {
  /** Files that it was made of, where they are on this machine. */
  readonly files: readonly string[];
  readonly missing: readonly string[];
  /** Folder that paths in them are relative to. */
  readonly folder?: string;
}

/** Reads it from labels: https://github.com/docker/compose/blob/main/pkg/api/labels.go. HandrailError `notFound`: none there. */
export async function composeProject(docker: Docker, project: string): Promise<ComposeProject> {
  const filters = { label: [`com.docker.compose.project=${project}`] };
  const [first] = await docker.listContainers({ all: true, filters });
  if (first === undefined)
    throw new HandrailError(
      'notFound',
      `There is no container of the compose project ${project} any more`,
      {},
    );
  const label = (name: string): string => first.Labels[`com.docker.compose.project.${name}`] ?? '';
  const folder = label('working_dir');
  const files = label('config_files')
    .split(',')
    .filter(file => file !== '')
    .map(file => (isAbsolute(file) ? file : join(folder, file)));
  return {
    files: files.filter(file => existsSync(file)),
    missing: files.filter(file => !existsSync(file)),
    ...(folder !== '' && existsSync(folder) && { folder }),
  };
}
