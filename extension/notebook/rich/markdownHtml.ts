import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false }).disable('image');
// A command: link would run something, a file: link would open something.
markdown.validateLink = url => /^https?:/i.test(url);

/** What a program printed as Markdown: its HTML stays text, and nothing is loaded. */
export function markdownHtml(text: string): string {
  return markdown.render(text);
}
