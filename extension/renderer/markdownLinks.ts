import type { ActivationFunction } from 'vscode-notebook-renderer';

/**
 * Has VS Code's own Markdown renderer know the link definitions of the whole file: each text cell is rendered for
 * itself, and brings those it uses from elsewhere in its metadata.
 */
export const activate: ActivationFunction = async context => {
  const markdown = (await context.getRenderer('vscode.markdown-it-renderer')) as MarkdownRenderer | undefined;
  markdown?.extendMarkdownIt(shareLinks);
  return undefined;
};

/** The part of VS Code's renderer that others may extend. */
interface MarkdownRenderer {
  extendMarkdownIt(extend: (markdown: MarkdownIt) => void): void;
}

/** The part of markdown-it that is used here (https://markdown-it.github.io/markdown-it/). */
interface MarkdownIt {
  readonly core: {
    readonly ruler: { after(rule: string, name: string, apply: (state: { env: unknown }) => void): void };
  };
  validateLink(href: string): boolean;
}

interface Link {
  readonly href: string;
  readonly title: string;
}

function shareLinks(markdown: MarkdownIt): void {
  // After the cell's own definitions were read, which come first; before links are resolved.
  markdown.core.ruler.after('block', 'handrail-links', ({ env }) => {
    const links = linksIn(env);
    if (links === undefined) return;
    const known = env as { references?: Record<string, Link> };
    const references = (known.references ??= {});
    for (const [label, link] of Object.entries(links)) {
      if (isLink(link) && markdown.validateLink(link.href)) references[label] ??= link;
    }
  });
}

function linksIn(env: unknown): Readonly<Record<string, unknown>> | undefined {
  const item = isRecord(env) ? env.outputItem : undefined;
  const metadata = isRecord(item) ? item.metadata : undefined;
  const links = isRecord(metadata) ? metadata.linkDefinitions : undefined;
  return isRecord(links) ? links : undefined;
}

function isLink(value: unknown): value is Link {
  return isRecord(value) && typeof value.href === 'string';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
