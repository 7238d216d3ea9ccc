import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import type { CellSpec } from '../../executors/executor';
import { parseContainerTarget } from '../../runbook/containerTarget';
import { languageOf } from '../../runbook/languages';
import type { FrontMatter } from '../../runbook/model';
import { omit } from '../omit';
import type { PlannedStep } from '../types';

/** What of a run its cells are told. */
export interface CellContext {
  readonly run: string;
  /** Whether a person looks on. */
  readonly attended: boolean;
  readonly terminal: { readonly columns: number; readonly rows: number };
  /** Whether all steps have one keyboard: those that run at the same time have none, else a key would go to any of them. */
  readonly oneKeyboard?: boolean;
}

/** The cell of a step with everything resolved, or why it cannot be executed. */
export function cellSpec(
  { index, cell, options, from, text, env }: PlannedStep,
  context: CellContext,
  together = false,
): { spec: CellSpec; error?: never } | { error: string; spec?: never } {
  const { file, runbook } = from;
  const hasPerson = context.attended && !(together && context.oneKeyboard === true);
  const isHere = options.target === 'local';
  const cwd = folderOf(options, dirname(file));
  if (isHere && cwd !== undefined && !isFolder(cwd)) {
    return {
      error: `cwd is not a folder: ${cwd}. It is relative to the runbook; make the folder or change cwd=`,
    };
  }
  const shell = shellOf(cell.language, runbook.frontMatter);
  const interpreter = options.interpreter ?? shell.interpreter;
  const broken = holdsNul({
    ...options.env,
    ...env,
    'cwd=': cwd ?? '',
    'interpreter=': interpreter?.join(' ') ?? '',
  });
  if (broken !== undefined)
    return { error: `${broken} has a NUL character in it, which no program can be given` };
  const told = {
    HANDRAIL_RUN: context.run,
    HANDRAIL_STEP: cell.name.replaceAll('\0', ' '),
    HANDRAIL_FILE: file,
  };
  return {
    spec: {
      language: shell.language,
      text,
      file,
      line: cell.contentLine,
      ...(isHere ? {} : { target: options.target, ...containerOf(options, `${context.run}-${index}`) }),
      ...(cwd === undefined ? {} : { cwd }),
      ...(options.output === undefined && options.mime === undefined ? {} : { exact: true }),
      env: { ...options.env, ...env, ...told },
      strict: options.strict,
      terminal: wantsTerminal(options, hasPerson) ? context.terminal : undefined,
      ...(interpreter === undefined ? {} : { interpreter }),
    },
  };
}

/** Which container of its target a cell gets, and as whom. */
function containerOf(
  { target, fresh, user }: PlannedStep['options'],
  own: string,
): Pick<CellSpec, 'fresh' | 'user'> {
  return {
    ...(fresh && parseContainerTarget(target)?.kind === 'image' && { fresh: own }),
    ...(user !== undefined && { user }),
  };
}

/** In a container that has the runbook's folder it is relative to that, in others to where they begin. */
function folderOf({ cwd, target }: PlannedStep['options'], folder: string): string | undefined {
  const isShared = target === 'local' || parseContainerTarget(target)?.kind === 'image';
  return cwd === undefined || !isShared ? cwd : resolve(folder, cwd);
}

/** The name of what no program can be handed. */
export function holdsNul(given: Readonly<Record<string, string>>): string | undefined {
  return Object.entries(given).find(([name, value]) => `${name}${value}`.includes('\0'))?.[0];
}

/** The cell that answers a guard: in a subshell, so that it changes nothing in the session. */
export function guardSpec(spec: CellSpec, command: string, line: number): CellSpec {
  return { ...omit(spec, 'interpreter'), language: 'bash', text: `(\n${command}\n)\n`, line, strict: false };
}

export function isFolder(path: string): boolean {
  return !path.includes('\0') && statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A terminal where somebody looks on, unless the output is data. */
function wantsTerminal({ tty, mime, output }: PlannedStep['options'], attended: boolean): boolean {
  // A terminal would mix stdout and stderr, and change its line ends.
  if (output !== undefined) return false;
  if (tty === 'auto') return attended && mime === undefined;
  return tty === 'always';
}

/** The front matter's `shell` is for the cells that do not ask for a particular one. */
function shellOf(
  language: string,
  frontMatter: FrontMatter | undefined,
): { language: string; interpreter?: readonly string[] } {
  const shell = frontMatter?.values.shell;
  if (language !== 'bash' || typeof shell !== 'string' || shell === '') return { language };
  const name = basename(shell);
  if (name === 'bash' || name === 'sh') return { language };
  return languageOf(name)?.kind === 'shell' ? { language: name } : { language, interpreter: [shell] };
}
