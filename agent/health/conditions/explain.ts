import type { ASTNode } from '@marcbachmann/cel-js';
import { sayValue } from './values';

/**
 * Why a condition does not hold: the first part of it that does not, with the values it had. `status was 503, wanted
 * 200`. `valueOf` evaluates a part of the condition.
 */
export function explain(node: ASTNode, valueOf: (part: ASTNode) => unknown): string {
  switch (node.op) {
    case '&&': {
      const [left, right] = node.args;
      return explain(valueOf(left) === true ? right : left, valueOf);
    }
    case '||': {
      const [left, right] = node.args;
      return `${explain(left, valueOf)}, and ${explain(right, valueOf)}`;
    }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case 'in':
      return explainComparison(node, valueOf);
    case '!_':
      return `${textOf(node.args)} was ${sayValue(valueOf(node.args))}, wanted the contrary`;
    case 'id':
    case '.':
      return `${textOf(node)} was ${sayValue(valueOf(node))}`;
    default:
      return explainOther(node, valueOf);
  }
}

type Comparison = Extract<ASTNode, { op: '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' }>;

function explainComparison(node: Comparison, valueOf: (part: ASTNode) => unknown): string {
  const [left, right] = node.args;
  const wanted = isLiteral(right) ? textOf(right) : `${textOf(right)} (${sayValue(valueOf(right))})`;
  return `${textOf(left)} was ${sayValue(valueOf(left))}, wanted ${operatorWords[node.op]}${wordLiteral(wanted)}`;
}

const operatorWords: Readonly<Record<Comparison['op'], string>> = {
  '==': '',
  '!=': 'anything but ',
  '<': 'less than ',
  '<=': 'at most ',
  '>': 'more than ',
  '>=': 'at least ',
  in: 'one of ',
};

/** `duration("500ms")` reads as 500ms. */
function wordLiteral(text: string): string {
  return text.replaceAll(/\bduration\(\s*["']([^"']*)["']\s*\)/g, '$1');
}

/** What the names in a condition had for values: `time was 612 ms`. */
export function explainValues(node: ASTNode, valueOf: (part: ASTNode) => unknown): string {
  const used = namesIn(node).map(name => `${textOf(name)} was ${sayValue(valueOf(name))}`);
  return [...new Set(used)].join(', ');
}

function explainOther(node: ASTNode, valueOf: (part: ASTNode) => unknown): string {
  const values = explainValues(node, valueOf);
  return `${textOf(node)} did not hold${values === '' ? '' : ` (${values})`}`;
}

/** The outermost names that a part uses: `body.items` of `body.items.size() > 2`. */
function namesIn(node: ASTNode): ASTNode[] {
  switch (node.op) {
    case 'id':
    case '.':
      return [node];
    case 'rcall': {
      // What a macro names within itself means nothing outside it.
      const [method, receiver, args] = node.args;
      return macros.has(method) ? namesIn(receiver) : [receiver, ...args].flatMap(namesIn);
    }
    case 'call':
      return node.args[1].flatMap(namesIn);
    case 'value':
    case 'map':
      return [];
    default:
      return ([node.args].flat() as unknown[]).filter(isNode).flatMap(namesIn);
  }
}

const macros = new Set(['exists', 'all', 'exists_one', 'filter', 'map']);

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}

function isLiteral(node: ASTNode): boolean {
  if (node.op === 'call') return node.args[1].every(isLiteral);
  if (node.op === 'list') return node.args.every(isLiteral);
  return node.op === 'value' || (node.op === '-_' && isLiteral(node.args));
}

function textOf({ input, start, end }: ASTNode): string {
  return input.slice(start, end).replaceAll(/\s+/g, ' ');
}
