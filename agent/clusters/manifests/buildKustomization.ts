import { HandrailError } from '../../protocol/errors';
import { runProgram } from '../../programs/runProgram';

/** Either makes the same of it. */
const builders = [
  { file: 'kustomize', args: ['build'] },
  { file: 'kubectl', args: ['kustomize'] },
] as const;

const deadline = 60_000;
const longest = 16 * 2 ** 20;

/**
 * What kustomize makes of a folder, as YAML. Neither plugins nor the folder's programs are run. Throws HandrailError
 * `invalidState` with what it says, or where neither kustomize nor kubectl is installed.
 */
export async function buildKustomization(
  folder: string,
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<string> {
  const late = AbortSignal.timeout(deadline);
  const all = signal === undefined ? late : AbortSignal.any([signal, late]);
  for (const { file, args } of builders) {
    const ended = await runProgram({ file, args: [...args, folder], cwd: folder, env, signal: all, longest });
    signal?.throwIfAborted();
    if (ended.trouble?.code === 'ENOENT') continue;
    if (ended.exit === 0 && !ended.isLonger) return ended.stdout.toString();
    throw new HandrailError('invalidState', whyNot(ended, file, late.aborted), { path: folder });
  }
  throw new HandrailError(
    'invalidState',
    `${folder} has a kustomization, and no program for it is installed`,
    {
      path: folder,
      hint: 'Install kubectl or kustomize.',
    },
  );
}

function whyNot(
  { isLonger, stderr, trouble }: { isLonger: boolean; stderr: Buffer; trouble?: NodeJS.ErrnoException },
  file: string,
  isLate: boolean,
): string {
  if (isLate) return `${file} has made nothing of the kustomization within ${deadline / 1000} s`;
  if (isLonger) return `${file} makes more than 16 MiB of the kustomization`;
  return `${file} makes nothing of the kustomization: ${trouble?.message ?? stderr.toString().trim()}`;
}
