import { Command, CommanderError, Option } from 'commander';
import { resolve } from 'node:path';
import { productVersion } from '../version';
import { handrailFolders } from '../folders';
import { Options, UsageError } from './call';
import type { CommandSpec, OptionSpec } from './commandSpec';
import { commands, globalOptions, mainExamples } from './commands';
import { exitCodes } from './exitCodes';
import { wordUnreadable } from './wordUnreadable';
import { openTerminal, type ColorWhen, type Terminal } from './terminal/terminal';

/** Runs the command that `args` name, then ends the process with its exit code. */
export async function handrail(args: readonly string[]): Promise<never> {
  const outcome: Outcome = { code: exitCodes.passed };
  const program = createProgram(outcome, calledBy(args));
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    outcome.code = await explain(error, args);
  }
  await outcome.terminal?.flush();
  process.exit(outcome.code);
}

interface Outcome {
  code: number;
  terminal?: Terminal;
}

/** Whether a command may be the one that is called, or told of: what only the others have is not made. */
function calledBy(args: readonly string[]): (spec: CommandSpec) => boolean {
  const named = new Set(commands.map(({ name }) => name).filter(name => args.includes(name)));
  const tells = named.size === 0 || args.some(arg => arg === '--help' || /^-[a-zA-Z]*h/.test(arg));
  return ({ name }) => tells || named.has(name);
}

function createProgram(outcome: Outcome, isCalled: ReturnType<typeof calledBy>): Command {
  const program = new Command('handrail')
    .description('Runs the cells of Markdown runbooks.')
    .version(`handrail ${productVersion}`, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({ outputError: (text, write) => write(`handrail: ${text.replace(/^error: /, '')}`) })
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('  What there is: handrail --help, handrail COMMAND --help')
    .addHelpText('after', examples({ examples: mainExamples }))
    .exitOverride();
  for (const spec of globalOptions) program.addOption(option(spec));
  for (const spec of commands) {
    if (isCalled(spec)) addCommand(program, spec, outcome);
    else program.command(spec.name);
  }
  return program;
}

function addCommand(parent: Command, spec: CommandSpec, outcome: Outcome): void {
  const command = parent.command(spec.args === undefined ? spec.name : `${spec.name} ${spec.args}`);
  command.description(spec.about).addHelpText('after', examples(spec));
  command.helpCommand(false);
  for (const each of spec.options ?? []) command.addOption(option(each));
  for (const child of spec.commands ?? []) addCommand(command, child, outcome);
  if (spec.load !== undefined) command.action(() => act(spec, command, outcome));
}

async function act(spec: CommandSpec, command: Command, outcome: Outcome): Promise<void> {
  const options = new Options(longNames(command));
  const folder = options.text('directory');
  if (folder !== undefined) changeFolder(folder);
  outcome.terminal = openTerminal(process, { color: (options.text('color') ?? 'auto') as ColorWhen });
  const action = await spec.load?.();
  const code = await action?.({
    args: command.processedArgs.flat().filter((arg): arg is string => typeof arg === 'string'),
    options,
    terminal: outcome.terminal,
    cwd: process.cwd(),
    env: process.env,
    folders: () => handrailFolders(process.env),
  });
  outcome.code = code ?? exitCodes.passed;
}

/** As with `make -C`: cells see the folder in PWD, too. */
function changeFolder(folder: string): void {
  try {
    process.chdir(folder);
  } catch (error) {
    throw new UsageError(`cannot work there: ${wordUnreadable(folder, error)}`, { cause: error });
  }
  process.env['PWD'] = resolve('.');
}

function option(spec: OptionSpec): Option {
  const made = new Option(spec.flags, spec.about);
  if (spec.choices !== undefined) made.choices([...spec.choices]);
  if (spec.many) made.argParser((value: string, before: string[] | undefined) => [...(before ?? []), value]);
  return made;
}

/** Commander gives `dryRun` and, for `--no-record`, `record: false`; here an option keeps the name it is typed with. */
function longNames(command: Command): Record<string, unknown> {
  const values = command.optsWithGlobals<Record<string, unknown>>();
  const named: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const dashed = key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
    if (value === false) named[`no-${dashed}`] = true;
    else named[dashed] = value;
  }
  return named;
}

function examples(spec: Pick<CommandSpec, 'examples' | 'note'>): string {
  const width = Math.max(...spec.examples.map(([line]) => line.length));
  const lines = spec.examples.map(([line, about]) => `  ${line.padEnd(width)}  ${about}`.trimEnd());
  return `\n${spec.note === undefined ? '' : `${spec.note}\n\n`}Examples:\n${lines.join('\n')}`;
}

async function explain(error: unknown, args: readonly string[]): Promise<number> {
  // Help and version come this way, too; commander has printed whatever there was to print.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.passed : exitCodes.unusable;
  const { explainError } = await import('./explainError');
  const verbose = args.some(arg => arg === '--verbose' || /^-[a-zA-Z]*v/.test(arg));
  const { lines, code } = explainError(error, { verbose, cwd: process.cwd() });
  process.stderr.write(lines.map((line, index) => `${index === 0 ? 'handrail: ' : ''}${line}\n`).join(''));
  return code;
}
