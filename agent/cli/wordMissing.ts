import { MissingAnswers, type AskedInput } from '../protocol/plan';
import { plain, sayPath } from './terminal/words';

/** All that a run lacks and nobody is there to say, a line each, with how to give it. */
export function wordMissing(details: unknown, cwd: string): string[] | undefined {
  const { data } = MissingAnswers.safeParse(details);
  if (data === undefined) return undefined;
  const { file, confirm, inputs, secrets } = data;
  const lines = [
    ...inputs.map(input => `  ${placeOf(input.file ?? file, cwd)}:${position(input)}: ${wordInput(input)}`),
    ...confirm.map(
      ({ name, text, line, file: own = file }) =>
        `  ${placeOf(own, cwd)}:${line}: ${plain(name)}: ${plain(text)}  --approve ${argument(name)}`,
    ),
    ...secrets.map(name => `  ${plain(name)}: a secret that the editor keeps: run it there`),
  ];
  if (lines.length === 0) return undefined;
  const wrong = inputs.filter(input => input.wrong !== undefined).length;
  const unsaid = inputs.length - wrong;
  const what = [
    ...(unsaid === 0 ? [] : [unsaid === 1 ? 'an input' : 'inputs']),
    ...(confirm.length === 0 ? [] : ['approval']),
    ...(secrets.length === 0 ? [] : [secrets.length === 1 ? 'a secret' : 'secrets']),
  ];
  const isWhole = confirm.every(({ typed }) => typed === undefined);
  const all = confirm.length > 1 && isWhole ? ['  Approve all of them with --yes.'] : [];
  const said = [
    ...(wrong === 0 ? [] : [wrong === 1 ? 'the value of an input is wrong' : 'values of inputs are wrong']),
    ...(what.length === 0 ? [] : [`needs ${what.join(' and ')}, and nobody is there to give it`]),
  ];
  return [said.join('; '), ...lines, ...all];
}

function position({ line, column }: AskedInput): string {
  return column === undefined ? String(line) : `${line}:${column}`;
}

function placeOf(file: string, cwd: string): string {
  return plain(sayPath(file, cwd));
}

function wordInput({ name, description, choices, type, wrong }: AskedInput): string {
  const kind = choices === undefined ? (type === 'string' ? '' : ` (${type})`) : ` (${choices.join(', ')})`;
  const about = [description, wrong].filter(text => text !== undefined).map(plain);
  const said = about.length === 0 ? '' : `: ${about.map(sentence).join(' ')}`;
  return `${plain(name)}${plain(kind) === '' ? '' : ` ${plain(kind)}`}${said}  --input ${argument(name)}=VALUE`;
}

function sentence(text: string): string {
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** As a shell wants it. */
function argument(name: string): string {
  const text = plain(name);
  return /^\w[\w.:/#-]*$|^[./][\w.:/#-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
