import { isCollection, isScalar, visit } from 'yaml';
import type { Document, YAMLError } from 'yaml';

/**
 * Offset at which a person mends what a YAML parser found: of a quote or a bracket that is never closed that is where it
 * begins, not the innocent line on which the parser gave up.
 */
export function yamlFaultStart(document: Document.Parsed, { message, pos: [at] }: YAMLError): number {
  if (!/^Missing closing|must be sufficiently indented and end with/.test(message)) return at;
  let start = at;
  visit(document, {
    Node(_key, node) {
      const isOpen = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow;
      const [from, to] = node.range ?? [at, undefined];
      if (isOpen === true && to === at) start = from;
    },
  });
  return start;
}
