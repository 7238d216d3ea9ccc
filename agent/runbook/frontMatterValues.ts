import { parseTree, type Node, type ParseError, printParseErrorCode } from 'jsonc-parser';
import { parse as parseToml, TomlError } from 'smol-toml';
import { LineCounter, parseDocument } from 'yaml';
import { duplicateKeys } from './duplicateKeys';
import { isTooLong, type FrontMatterBlock } from './frontMatter';
import { positionAt, type Lines } from './lines';
import type { Diagnostic, FrontMatter } from './model';
import { yamlFaultStart } from './yamlFaultStart';

/** Reads front matter. Never throws: what cannot be read is a diagnostic, and then there are no values. */
export function readFrontMatter(
  block: FrontMatterBlock,
  lines: Lines,
): { frontMatter: FrontMatter; diagnostics: Diagnostic[] } {
  const { value, problems } = isTooLong(block)
    ? tooLong
    : read(block.format, lines.text.slice(block.body.start, block.body.end));
  const diagnostics = problems.map(problem => diagnostic(problem, block, lines));
  // Where it is broken, nobody knows what a parser's guess has to do with what was meant.
  const values = isRecord(value) && problems.length === 0 ? { ...value } : {};
  if (!isRecord(value) && value !== null && value !== undefined && problems.length === 0) {
    const message = `The front matter is ${Array.isArray(value) ? 'a list' : 'one value'}, not keys with values.`;
    diagnostics.push(diagnostic({ message, offset: 0 }, block, lines));
  }
  const handrail = Object.keys(values).some(key => ownKeys.has(key));
  return { frontMatter: { format: block.format, span: block.span, values, handrail }, diagnostics };
}

interface Problem {
  readonly message: string;
  /** Within the body. */
  readonly offset: number;
}

interface Reading {
  readonly value: unknown;
  readonly problems: readonly Problem[];
}

/** Keys that no other tool's front matter is known to have, so that one of them means Handrail is meant. */
const ownKeys: ReadonlySet<string> = new Set([
  'defaults',
  'handrail',
  'inputs',
  'languages',
  'requires',
  'schedule',
  'secrets',
  'target',
]);

const tooLong: Reading = { value: undefined, problems: [{ message: 'More than 256 KiB.', offset: 0 }] };

function read(format: FrontMatterBlock['format'], text: string): Reading {
  return tooDeep(text) ?? readers[format](text);
}

const readers = { yaml: readYaml, toml: readToml, json: readJson } as const;

/** More than any front matter that a person wrote; parsers recurse, so a hostile one would end the process. */
const maxDepth = 64;

function tooDeep(text: string): Reading | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '[' || char === '{') depth++;
    else if (char === ']' || char === '}') depth = Math.max(0, depth - 1);
    if (depth > maxDepth) return deepAt(at);
  }
  const lead = /^(?: *(?:[-?] +|- *$)){65}|^ {400}/m.exec(text);
  return lead ? deepAt(lead.index) : undefined;
}

function deepAt(offset: number): Reading {
  return { value: undefined, problems: [{ message: `More than ${maxDepth} levels deep.`, offset }] };
}

function readYaml(text: string): Reading {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    merge: true,
    uniqueKeys: false,
    logLevel: 'error',
  });
  const twice = duplicateKeys(document).map(offset => ({ message: 'Map keys must be unique', offset }));
  const problems = [
    ...document.errors.map(error => ({ message: error.message, offset: yamlFaultStart(document, error) })),
    ...twice,
  ];
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), problems };
  } catch (error) {
    // An alias bomb (ReferenceError) or an alias to nowhere.
    return { value: undefined, problems: [...problems, { message: messageOf(error), offset: 0 }] };
  }
}

function readToml(text: string): Reading {
  try {
    return { value: parseToml(text), problems: [] };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const message = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '');
    return { value: undefined, problems: [{ message, offset: offsetOf(text, error.line, error.column) }] };
  }
}

function readJson(text: string): Reading {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const problems = errors.map(({ error, offset }) => ({ message: printParseErrorCode(error), offset }));
  return { value: root && jsonValue(root), problems };
}

function jsonValue(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(jsonValue);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).flatMap(({ children = [] }) => {
    const [key, value] = children;
    return key && value ? [[String(key.value), jsonValue(value)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) start = text.indexOf('\n', start) + 1;
  return start + column - 1;
}

function diagnostic({ message, offset }: Problem, block: FrontMatterBlock, lines: Lines): Diagnostic {
  const start = Math.min(block.body.start + offset, block.body.end);
  return {
    ...positionAt(lines, start),
    severity: 'error',
    code: 'front-matter-syntax',
    message: `Front matter (${block.format}): ${message}`,
    hint: 'Cells still run, without what it says.',
    span: { start, end: block.body.end },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
