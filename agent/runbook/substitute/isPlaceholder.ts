import type { PlaceholderShape } from './placeholderShape';
import type { Atom } from './shellContext';

/** Tells whether what has the form of a placeholder is one, and no redirection, markup, template or output. */
export function placeholderTest(text: string): (atom: Atom, shape: PlaceholderShape) => boolean {
  const isMarkup = markupTest(text);
  return (atom, shape) =>
    shape.brackets === 'angle'
      ? !isMarkup(shape.inside) && isAngle(text, atom, shape.inside)
      : isBraces(text, atom, shape);
}

function isAngle(text: string, atom: Atom, inside: string): boolean {
  if (shown.test(inside) || isInput(text, atom)) return false;
  if (atom.context === 'bare') return !isRedirection(text, atom, inside);
  if (atom.context === 'single' || printing.has(atom.command))
    return isWhole(text, atom) && isAddressed(inside);
  return (
    (isWhole(text, atom) && !elements.has(inside.toLowerCase())) ||
    isAddressed(inside) ||
    /\w_\w|\w-\w/.test(inside)
  );
}

/** Templates of many tools have braces; only a plain name outside quotes is meant for the reader. */
function isBraces(text: string, atom: Atom, { inside }: PlaceholderShape): boolean {
  if (templateWords.has(inside) || templating.has(atom.command)) return false;
  if (/^(-o|-f|--format|--template|--output)=?/.test(atom.word) || formatOptions.has(atom.before))
    return false;
  return (
    atom.context === 'bare' || (atom.context === 'double' && isWhole(text, atom) && /^\w+="$/.test(atom.word))
  );
}

/** What programs print for something that is not there: `<none>` in a line of output that was pasted. */
const shown =
  /^(none|nil|null|unknown|unset|invalid|pending|empty|no value|not set|not available|missing|redacted|omitted|anonymous|local|external|stdin)$/i;

/** Words that are said to a reader. */
function isAddressed(inside: string): boolean {
  return /^(your?|my|the|path|insert|enter|replace|change)\b|^(an?|some) |^(your?|my|replace|insert|change)[_-]/i.test(
    inside,
  );
}

/** `<<< "<hello>"` is what a program gets to read. */
function isInput(text: string, { span, context }: Atom): boolean {
  return context !== 'bare' && /<<<[ \t]*["']$/.test(text.slice(Math.max(0, span.start - 20), span.start));
}

function isWhole(text: string, { span: { start, end } }: Atom): boolean {
  const quote = text[start - 1];
  return (quote === '"' || quote === "'") && text[end] === quote;
}

/** The text is searched once, however many brackets it has. */
function markupTest(text: string): (inside: string) => boolean {
  const closed = new Set([...text.matchAll(/<\/([A-Za-z][\w:.-]*)>/g)].map(([, name]) => name));
  const isPage = /<\/[a-z]|<!doctype|<!--/i.test(text);
  return inside => {
    const name = /^[A-Za-z][\w:.-]*/.exec(inside)?.[0] ?? '';
    return name !== '' && (closed.has(name) || (isPage && elements.has(name.toLowerCase())));
  };
}

/** `<in>out`, `<file.txt> out`: what follows the second bracket can be a file, and what is inside, too. */
function isRedirection(text: string, { span, word }: Atom, inside: string): boolean {
  const after = text.slice(span.end, span.end + 40);
  if (isAddressed(inside)) return false;
  if (/^(&|[>|]|\/dev\/|\.\.?\/|~|\$|["'(])/.test(after) && word === '') return true;
  if (/^[\p{L}\p{N}]/u.test(after)) return true;
  const toFile = /^[ \t]+[^\s|&;<>()#-]/.test(after);
  if (!toFile || /\s/.test(inside)) return false;
  // `vector<int> x` is no shell's.
  return streams.test(inside) || /[./]/.test(inside) || /^[A-Za-z]{3,}$/.test(word);
}

const streams = /^(in|input|infile|stdin)$/i;

/** What is given to these is shown or searched for. */
const printing: ReadonlySet<string> = new Set(
  'echo printf grep egrep fgrep rg sed awk gawk perl python python3 node ruby jq yq tr'.split(' '),
);

const templating: ReadonlySet<string> = new Set(
  'ansible ansible-playbook jinja2 j2 gomplate consul-template hugo mustache envsubst just'.split(' '),
);

const formatOptions: ReadonlySet<string> = new Set(['--format', '--template', '-f', '-t', '-o', '--output']);

const templateWords: ReadonlySet<string> = new Set(
  'include toYaml tpl range end else if with block define template json print printf println len index not and or nil true false break continue toc raw endraw'.split(
    ' ',
  ),
);

/** HTML's elements whose names are words that a person might also put in brackets. */
const elements: ReadonlySet<string> = new Set(
  (
    'a abbr address article aside audio b base body br button canvas caption center cite code col data dd del details ' +
    'dialog div dl dt em embed figure font footer form frame h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ' +
    'ins kbd label legend li link main map mark menu meta meter nav object ol option output p param picture pre ' +
    'progress q s samp script section select small source span strong style sub summary sup svg table tbody td ' +
    'template textarea tfoot th thead time title tr track u ul var video xml'
  ).split(' '),
);
