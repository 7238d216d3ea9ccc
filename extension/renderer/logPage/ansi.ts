/** A piece of a line that looks the same throughout. */
export interface StyledText {
  readonly text: string;
  /** Classes: `bold`, `dim`, `italic`, `underline`, `strike`, `inverse`, `fg-N`, `bg-N` with N of 0 to 15. */
  readonly classes: readonly string[];
  /** Colours that no class stands for. */
  readonly colour?: string;
  readonly background?: string;
}

/** How text looks from here on. */
interface Look {
  readonly marks: Set<string>;
  colour: string | number | undefined;
  background: string | number | undefined;
}

const escape = '\\u001b';
/** CSI; OSC and other strings, also those that do not end; short ones. https://invisible-island.net/xterm/ctlseqs */
const sequences = new RegExp(
  `${escape}(?:\\[([0-?]*)[ -/]*([@-~])|[\\]PX^_][^\\u0007\\u001b]*(?:\\u0007|${escape}\\\\)?|[ -/]*[0-~]?)`,
  'g',
);
const controls = new RegExp('[\\u0000-\\u0008\\u000b-\\u001f\\u007f\\u0080-\\u009f]', 'g');

/** What a line says, without escape sequences and control characters; of what was drawn over, the last drawing. */
export function plainText(line: string): string {
  return printable(lastDrawing(line).replace(sequences, ''));
}

/** A line in pieces of one look each. Only colours and marks of text have an effect; all else is left out. */
export function styledTexts(line: string): StyledText[] {
  const drawn = lastDrawing(line);
  if (!drawn.includes('\u001b')) return [{ text: printable(drawn), classes: [] }];
  const found: StyledText[] = [];
  const look: Look = { marks: new Set(), colour: undefined, background: undefined };
  let at = 0;
  for (const match of drawn.matchAll(sequences)) {
    add(found, drawn.slice(at, match.index), look);
    if (match[2] === 'm') apply(look, match[1] ?? '');
    at = match.index + match[0].length;
  }
  add(found, drawn.slice(at), look);
  return found;
}

function lastDrawing(line: string): string {
  const drawn = line.endsWith('\r') ? line.slice(0, -1) : line;
  return drawn.slice(drawn.lastIndexOf('\r') + 1);
}

function printable(text: string): string {
  return text.replace(controls, '\u00b7');
}

function add(found: StyledText[], text: string, { marks, colour, background }: Look): void {
  if (text === '') return;
  const classes = [...marks];
  if (typeof colour === 'number') classes.push(`fg-${colour}`);
  if (typeof background === 'number') classes.push(`bg-${background}`);
  found.push({
    text: printable(text),
    classes,
    ...(typeof colour === 'string' && { colour }),
    ...(typeof background === 'string' && { background }),
  });
}

const markOf: Readonly<Record<number, string>> = {
  1: 'bold',
  2: 'dim',
  3: 'italic',
  4: 'underline',
  7: 'inverse',
  9: 'strike',
};
const endOf: Readonly<Record<number, readonly string[]>> = {
  22: ['bold', 'dim'],
  23: ['italic'],
  24: ['underline'],
  27: ['inverse'],
  29: ['strike'],
};

function apply(look: Look, text: string): void {
  const codes = text.split(/[;:]/).map(Number);
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] ?? 0;
    if (code === 38 || code === 48) {
      const [colour, length] = extended(codes, at + 1);
      if (code === 38) look.colour = colour;
      else look.background = colour;
      at += length;
    } else applyOne(look, code);
  }
}

function applyOne(look: Look, code: number): void {
  const mark = markOf[code];
  if (code === 0) {
    look.marks.clear();
    look.colour = look.background = undefined;
  } else if (mark !== undefined) look.marks.add(mark);
  else if (endOf[code] !== undefined) for (const each of endOf[code]) look.marks.delete(each);
  else if (code >= 30 && code <= 37) look.colour = code - 30;
  else if (code >= 90 && code <= 97) look.colour = code - 82;
  else if (code === 39) look.colour = undefined;
  else if (code >= 40 && code <= 47) look.background = code - 40;
  else if (code >= 100 && code <= 107) look.background = code - 92;
  else if (code === 49) look.background = undefined;
}

/** `5;N` or `2;R;G;B`: the colour, and how many codes it took. */
function extended(codes: readonly number[], at: number): [string | number | undefined, number] {
  if (codes[at] === 5) return [indexed(codes[at + 1] ?? 0), 2];
  if (codes[at] !== 2) return [undefined, 1];
  const [red = 0, green = 0, blue = 0] = codes.slice(at + 1, at + 4).map(part => Math.min(255, part || 0));
  return [`rgb(${red} ${green} ${blue})`, 4];
}

/** One of xterm's 256 colours: 16 of the theme, a cube, greys. */
function indexed(index: number): string | number | undefined {
  if (!(index >= 0 && index < 256)) return undefined;
  if (index < 16) return index;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey} ${grey} ${grey})`;
  }
  const level = (part: number): number => (part === 0 ? 0 : 55 + part * 40);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}
