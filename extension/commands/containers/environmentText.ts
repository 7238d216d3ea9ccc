/** What stands for a value that nobody has asked to see. */
export const mask = '••••••';

/** Variables of a container as lines `NAME=value`, in order of their names; masked unless `revealed`. */
export function environmentText(variables: readonly string[], revealed: boolean): string {
  const lines = variables
    .map(splitVariable)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => `${name}=${revealed ? oneLine(value) : masked(value)}`);
  return lines.length === 0 ? '# No variables are set.\n' : `${lines.join('\n')}\n`;
}

/** The same engine's answer with the values of its environment masked. */
export function withoutValues(found: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(found).map(([key, value]) => [
      key,
      key === 'Config' || key === 'ContainerConfig' ? maskEnv(value) : value,
    ]),
  );
}

/** `Config.Env` of what an engine tells of a container or an image. */
export function variablesOf(found: Readonly<Record<string, unknown>>): string[] {
  const config = found['Config'];
  const env: unknown = isRecord(config) ? config['Env'] : undefined;
  return Array.isArray(env) ? env.filter(item => typeof item === 'string') : [];
}

function maskEnv(config: unknown): unknown {
  if (!isRecord(config) || !Array.isArray(config['Env'])) return config;
  const env = config['Env'].map((item: unknown) => {
    if (typeof item !== 'string') return item;
    const { name, value } = splitVariable(item);
    return `${name}=${masked(value)}`;
  });
  return { ...config, Env: env };
}

function masked(value: string): string {
  return value === '' ? '' : mask;
}

function splitVariable(variable: string): { name: string; value: string } {
  const at = variable.indexOf('=');
  return at < 0
    ? { name: variable, value: '' }
    : { name: variable.slice(0, at), value: variable.slice(at + 1) };
}

/** A value of several lines stays on its line, so that none passes for a variable. */
function oneLine(value: string): string {
  return /[\r\n]/.test(value) ? JSON.stringify(value) : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
