/** A transcript taken apart: what was typed, and what came back. */
export interface Transcript {
  /** The commands, one after another, lines ended by LF. */
  readonly commands: string;
  readonly output: string;
  /** Index of the first line of output. */
  readonly outputLine: number;
}

/**
 * Reads a console session. In one, `$ ` is the prompt, and `# ` only if no line has `$ `; in a shell fence it
 * must be `$ ` on the first line that is neither blank nor a comment. Without prompts it is no transcript.
 */
export function readTranscript(lines: readonly string[], fence: 'console' | 'shell'): Transcript | undefined {
  const prompt = promptOf(lines, fence);
  if (prompt === undefined) return undefined;
  const commands: string[] = [];
  const output: { text: string; line: number }[] = [];
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at]!.startsWith(prompt)) {
      if (commands.length > 0) output.push({ text: lines[at]!, line: at });
      continue;
    }
    if (fence === 'shell') dropComments(output);
    const { command, last } = readCommand(lines, at, prompt);
    commands.push(command);
    at = last;
  }
  if (output.every(({ text }) => text.trim() === '')) output.length = 0;
  return {
    commands: commands.map(command => `${command}\n`).join(''),
    output: output.map(({ text }) => `${text}\n`).join(''),
    outputLine: output[0]?.line ?? 0,
  };
}

/** Whether a console session has a command in it. */
export function hasPrompt(lines: readonly string[]): boolean {
  return promptOf(lines, 'console') !== undefined;
}

function promptOf(lines: readonly string[], fence: 'console' | 'shell'): string | undefined {
  if (fence === 'shell') {
    const first = lines.find(line => line.trim() !== '' && !line.trimStart().startsWith('#'));
    return first?.startsWith('$ ') ? '$ ' : undefined;
  }
  return ['$ ', '# '].find(prompt => lines.some(line => line.startsWith(prompt)));
}

/** In a shell fence the comment above a command is the author's, not output of the command before. */
function dropComments(output: { text: string }[]): void {
  const isRemark = ({ text }: { text: string }) => text.trim() === '' || text.startsWith('#');
  let end = output.length;
  while (end > 0 && isRemark(output[end - 1]!)) end--;
  if (output.slice(end).some(({ text }) => text.startsWith('#'))) output.length = end;
}

/** The command at a prompt with the lines that go on with it. `last` is the index of its last line. */
function readCommand(
  lines: readonly string[],
  at: number,
  prompt: string,
): { command: string; last: number } {
  let command = lines[at]!.slice(prompt.length);
  let last = at;
  // A shell shows `> ` before each line that goes on; authors leave it out as often.
  const prompted = /^>( |$)/.test(lines[at + 1] ?? '');
  while (last + 1 < lines.length && isUnfinished(command)) {
    const next = lines[++last]!;
    command += `\n${prompted ? next.replace(/^> ?/, '') : next}`;
  }
  // A quote that never closes is an apostrophe, and what follows is output.
  const [first = ''] = command.split('\n');
  return isUnfinished(command) && !first.endsWith('\\') ? { command: first, last: at } : { command, last };
}

/** Whether a shell would ask for more: a backslash, an operator, a quote or a here-document still open. */
function isUnfinished(command: string): boolean {
  if (openHereDocument(command)) return true;
  if (command.includes('<<')) return false;
  return /(^|[^\\])(\\\\)*\\$/.test(command) || /(\||&&|\|\|)\s*$/.test(command) || hasOpenQuote(command);
}

function openHereDocument(command: string): boolean {
  const [first = '', ...rest] = command.split('\n');
  const word = /(?<!<)<<-?\s*(["']?)([A-Za-z_]\w*)\1/.exec(first)?.[2];
  if (word === undefined) return false;
  return !rest.some(line => line.trim() === word);
}

function hasOpenQuote(command: string): boolean {
  let quote: string | undefined;
  for (let at = 0; at < command.length; at++) {
    const char = command[at]!;
    if (char === '\\' && quote !== "'") at++;
    else if (quote === undefined && char === '#' && (at === 0 || /\s/.test(command[at - 1]!))) {
      at = command.indexOf('\n', at);
      if (at < 0) return false;
    } else if (quote === undefined && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = undefined;
  }
  return quote !== undefined;
}
