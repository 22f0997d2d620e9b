import { expect, test } from 'vitest';
import { sampleReminder } from '#test/builders/sample-reminder.ts';
import { inboxPage } from './inbox-page.ts';

const received = (message: unknown, receivedAt = '2031-05-06T07:00:01Z') => ({ receivedAt, message });
/** What a person reads, without markup and what is folded away. */
const readBy = (page: string): string =>
  page
    .replaceAll(/<(style|details)>[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test('shows title, body, local time and for whom it is', () => {
  const text = readBy(inboxPage([received(sampleReminder())]));
  expect(text).toContain('Time for your medication');
  expect(text).toContain('Your dose is due now, at 09:00.');
  expect(text).toContain('To patient user-1 · dose of 2031-05-06 09:00 (Europe/Berlin)');
  expect(text).not.toMatch(/late|duplicate|caregiver user/);
});

test('shows that a message is late or may be a second one', () => {
  const message = sampleReminder({ late: true, possible_duplicate: true });
  expect(readBy(inboxPage([received(message)]))).toContain(' late possible duplicate ');
});

test('shows which caregiver of whom is told', () => {
  const message = sampleReminder({
    type: 'reminder.escalation',
    to: 'caregiver',
    caregiver_ids: ['daughter', 'son'],
  });
  const page = inboxPage([received(message)]);
  expect(readBy(page)).toContain('To caregiver daughter, son of patient user-1');
  expect(page).toContain('<li class="caregiver">');
});

test('shows the newest first, and is loaded again by itself', () => {
  const named = (title: string) => received(sampleReminder({ text: { title, body: 'x' } }));
  const page = inboxPage([named('first'), named('second')]);
  expect(page.indexOf('<h2>second')).toBeGreaterThan(0);
  expect(page.indexOf('<h2>second')).toBeLessThan(page.indexOf('<h2>first'));
  expect(page).toContain('http-equiv="refresh"');
});

test('shows every text as text', () => {
  const evil = `<script>alert('1')</script>"&`;
  const message = sampleReminder({
    user_id: evil,
    local_time: evil,
    time_zone: evil,
    to: 'caregiver',
    caregiver_ids: [evil],
    text: { title: evil, body: evil },
  });
  const page = inboxPage([received(message, evil), received({ type: evil }), received(evil)]);
  expect(page).not.toContain('<script');
  expect(page).not.toContain(evil);
  expect(readBy(page)).toContain('&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;');
});

test('says of what is meant for applications that nobody sees it', () => {
  const text = readBy(inboxPage([received({ type: 'supply.urgency_changed', user_id: 'user-1' })]));
  expect(text).toContain('supply.urgency_changed For applications: no person sees it.');
});

test('says that there is nothing yet', () => {
  expect(readBy(inboxPage([]))).toContain('Nothing yet.');
});
