import type { InboxMessage } from './inbox.ts';

/** What was published, newest first, as a page that needs nothing else. */
export const inboxPage = (messages: readonly InboxMessage[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width">
<title>Published reminders</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; }
li { margin-block: 1rem; }
pre { background: #8881; padding: 0.5rem; overflow-x: auto; }
</style>
</head>
<body>
<h1>Published reminders</h1>
<p>${messages.length === 0 ? 'None yet.' : `${messages.length} since the stack was started.`}</p>
<ol reversed>
${messages.toReversed().map(item).join('\n')}
</ol>
</body>
</html>
`;

const item = ({ receivedAt, message }: InboxMessage): string =>
  `<li><time>${escaped(receivedAt)}</time><pre>${escaped(JSON.stringify(message, undefined, 2))}</pre></li>`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
