import type { ASTNode } from '@marcbachmann/cel-js';

/** All nodes of an expression, also those that macros have made of it. */
export function astNodes(root: ASTNode): ASTNode[] {
  const nodes: ASTNode[] = [];
  const seen = new Set<unknown>();
  const open: unknown[] = [root];
  while (open.length > 0) {
    const at = open.pop();
    if (typeof at !== 'object' || at === null || seen.has(at)) continue;
    seen.add(at);
    open.push(...(Object.values(at) as unknown[]));
    if (!isNode(at)) continue;
    nodes.push(at);
    // The library's types do not tell of it.
    open.push((at as { readonly meta?: { readonly alternate?: ASTNode } }).meta?.alternate);
  }
  return nodes;
}

function isNode(value: object): value is ASTNode {
  return 'op' in value && 'args' in value && 'input' in value;
}
