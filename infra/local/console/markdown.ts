import MarkdownIt from 'markdown-it';

// Without `html` every tag of the source is text, and addresses that run something are no links.
const markdown = new MarkdownIt({ html: false, linkify: false });

/** The text of a widget as HTML that may be shown as it is, whatever it holds. */
export const markdownToHtml = (source: string): string => markdown.render(source);
