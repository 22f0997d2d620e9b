import { isObject } from '../deploy/template.ts';
import type { InboxMessage } from './inbox.ts';

/** What people would see, newest first, as a page that needs nothing else. */
export const inboxPage = (messages: readonly InboxMessage[]): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="3">
<meta name="viewport" content="width=device-width">
<title>Inbox</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 42rem; padding: 0 1rem; }
ol { list-style: none; padding: 0; }
li { border: 1px solid #8884; border-radius: 0.75rem; margin-block: 1rem; padding: 0.75rem 1rem; }
li.caregiver { border-inline-start: 0.4rem solid #b35c00; }
h2 { font-size: 1.1rem; margin: 0; }
p { margin: 0.25rem 0; }
.flag { border: 1px solid; border-radius: 1rem; font-size: 0.8rem; padding: 0 0.5rem; }
small, summary { color: #777; }
pre { background: #8881; font-size: 0.8rem; overflow-x: auto; padding: 0.5rem; }
</style>
</head>
<body>
<h1>Inbox</h1>
<p>What patients and caregivers of this laptop’s stack would see. ${messages.length === 0 ? 'Nothing yet.' : `${messages.length} since the stack was started.`}</p>
<ol>
${messages.toReversed().map(item).join('\n')}
</ol>
</body>
</html>
`;

function item({ receivedAt, message }: InboxMessage): string {
  const raw = `<details><summary>as published, received ${escaped(receivedAt)}</summary><pre>${escaped(
    JSON.stringify(message, undefined, 2),
  )}</pre></details>`;
  const isReminder = isObject(message) && isObject(message['text']);
  return isReminder
    ? `<li class="${message['to'] === 'caregiver' ? 'caregiver' : 'patient'}">${shown(message)}${raw}</li>`
    : `<li><h2>${escaped(isObject(message) ? textOf(message, 'type') : 'A message')}</h2><p>For applications: no person sees it.</p>${raw}</li>`;
}

function shown(message: Readonly<Record<string, unknown>>): string {
  const text = isObject(message['text']) ? message['text'] : {};
  const flags = [
    message['late'] === true ? 'late' : undefined,
    message['possible_duplicate'] === true ? 'possible duplicate' : undefined,
  ].filter((flag) => flag !== undefined);
  return [
    `<h2>${escaped(textOf(text, 'title'))}</h2>`,
    `<p>${escaped(textOf(text, 'body'))}</p>`,
    `<p><small>To ${escaped(recipient(message))} · dose of ${escaped(localTime(message))}</small>`,
    ...flags.map((flag) => ` <span class="flag">${flag}</span>`),
    '</p>',
  ].join('');
}

function recipient(message: Readonly<Record<string, unknown>>): string {
  const patient = `patient ${textOf(message, 'user_id')}`;
  if (message['to'] !== 'caregiver') return patient;
  const ids = message['caregiver_ids'];
  return `caregiver ${Array.isArray(ids) ? ids.join(', ') : ''} of ${patient}`;
}

/** `2026-03-08 08:00 (America/New_York)`: the wall clock of the dose, whatever the reader's own shows. */
const localTime = (message: Readonly<Record<string, unknown>>): string =>
  `${textOf(message, 'local_time').slice(0, 16).replace('T', ' ')} (${textOf(message, 'time_zone')})`;

const textOf = (of: Readonly<Record<string, unknown>>, member: string): string => String(of[member] ?? '');

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
