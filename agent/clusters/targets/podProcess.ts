import type { ExecProcess, ExecStart, Take } from '../../executors/container/access';
import { writeFile } from '../../executors/container/scripts';
import type { ClusterApi } from '../api/clusterApi';
import { type AskedProcess, attachStreams } from '../streams/attachStreams';

/** One container of a pod. */
export interface PodPlace {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/**
 * Reads variables and words and becomes the command that they say. A cluster's exec knows no variables, and writes its
 * command into the URL, which clusters log: so all of it comes as input. Each is a count of further lines, then its lines.
 */
const reader = `
handrail_next() {
  IFS= read -r handrail_lines && IFS= read -r handrail_value || exit 125
  while [ "$handrail_lines" -gt 0 ]; do
    IFS= read -r handrail_line || exit 125
    handrail_value="$handrail_value
$handrail_line"
    handrail_lines=$((handrail_lines - 1))
  done
}
IFS= read -r handrail_count || exit 125
while [ "$handrail_count" -gt 0 ]; do
  handrail_next
  export "$handrail_value"
  handrail_count=$((handrail_count - 1))
done
IFS= read -r handrail_count || exit 125
set --
while [ "$handrail_count" -gt 0 ]; do
  handrail_next
  set -- "$@" "$handrail_value"
  handrail_count=$((handrail_count - 1))
done
unset handrail_lines handrail_value handrail_line handrail_count
`;
const fromInput = `${reader}exec "$@"`;
/** What a terminal is sent, it shows: its command comes in a file. Argument: its path. */
const fromFile = `exec 3<&0 <"$1" || exit 125
rm -f "$1"
${reader}exec "$@" <&3 3<&-`;

/** Starts a command in a container of a pod. Rejects with what the cluster says. */
export async function startInPod(
  api: ClusterApi,
  place: PodPlace,
  start: ExecStart,
  take: Take,
): Promise<ExecProcess> {
  if (start.terminal === undefined)
    return begin(api, { ...place, command: ['sh', '-c', fromInput] }, start, take);
  const path = `${start.folder ?? '/tmp'}/start-${crypto.randomUUID()}`;
  const written = await begin(
    api,
    { ...place, command: ['sh', '-c', fromInput] },
    { command: ['sh', '-c', writeFile, 'handrail', path], env: {} },
    () => undefined,
  );
  written.write(startBytes(start));
  written.end();
  await written.ended;
  const command = ['sh', '-c', fromFile, 'handrail', path];
  return begin(api, { ...place, command, terminal: start.terminal }, undefined, take);
}

async function begin(
  api: ClusterApi,
  asked: AskedProcess,
  first: Pick<ExecStart, 'command' | 'env'> | undefined,
  take: Take,
): Promise<ExecProcess> {
  const { source, endInput, ended, canEndInput } = await attachStreams(api, asked, async (channel, bytes) => {
    await take(channel === 'err' ? 'stderr' : 'stdout', bytes);
  });
  if (!canEndInput) {
    source.close();
    throw new Error(
      'This cluster cannot tell a command that its input has ended, as Kubernetes does from 1.30 on: no cell can run in its pods. Update it, or run the cell elsewhere.',
    );
  }
  if (first !== undefined) source.write(startBytes(first));
  let lost: string | undefined;
  const over = ended.then(({ exit, message }) => void (lost = exit === undefined ? message : undefined));
  return {
    ended: over,
    write: data => source.write(data),
    end: endInput,
    resize: (columns, rows) => source.resize(columns, rows),
    close: () => source.close(),
    exit: async () => (await ended).exit,
    lost: () => lost,
  };
}

/** What the reader takes. A name that no shell can export is left out. */
function startBytes({ command, env }: Pick<ExecStart, 'command' | 'env'>): Buffer {
  const variables = Object.entries(env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name));
  const parts = [variables.map(([name, value]) => `${name}=${value}`), command];
  const text = parts.flatMap(values => [
    `${values.length}\n`,
    ...values.map(value => `${value.split('\n').length - 1}\n${value}\n`),
  ]);
  return Buffer.from(text.join(''));
}
