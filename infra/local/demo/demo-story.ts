import { Temporal } from 'temporal-polyfill';
import { textOf } from '../api-client.ts';
import { isObject } from '../deploy/template.ts';
import { findingLines, incompleteLines } from './demo-interactions.ts';
import type { DemoJob } from './demo-job.ts';

/**
 * What the demo's jobs mean: the next doses in local time, the reminder as it reads, the supply, what a pharmacist reads of
 * an interaction check, and of one with a name that nobody knows.
 */
export function demoStory(rows: readonly DemoJob[], published: unknown, incomplete: unknown): string {
  const resultOf = (kind: string): unknown => rows.find((row) => row.kind === kind)?.result;
  const lines = [
    ['Next doses', nextDoses(resultOf('medication-reminder'))],
    ['In the inbox', inboxLine(published)],
    ['Supply', supplyLine(resultOf('refill-check'))],
    ['Interactions', below(findingLines(resultOf('interaction-check')))],
    ['Misspelt', below(incompleteLines(incomplete))],
    ['Roll-up', rollUpLine(resultOf('analytics-roll-up'))],
  ] as const;
  return lines.map(([name, text]) => `${name.padEnd(14)}${text}`).join('\n');
}

/** Lines of one part stand below each other. */
const INDENT = `\n${' '.repeat(14)}`;
const below = (lines: readonly string[]): string => lines.join(INDENT);

/** How many of the next doses are shown. */
const DOSES_SHOWN = 3;

function nextDoses(result: unknown): string {
  const doses = listOf(result, 'next_occurrences').slice(0, DOSES_SHOWN);
  if (doses.length === 0) return 'none';
  return `${doses.map((dose) => clock(textOf(dose, 'local_time'))).join(', ')} (${textOf(result, 'time_zone')})`;
}

/** `Tue 24 Nov 08:00`, as the patient's own clock shows it. */
const clock = (localTime: string): string =>
  Temporal.PlainDateTime.from(localTime)
    .toLocaleString('en-GB', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    })
    .replace(',', '');

function inboxLine(published: unknown): string {
  const text = isObject(published) ? published['text'] : undefined;
  return published === undefined
    ? 'nothing was published'
    : `${textOf(text, 'title')}: ${textOf(text, 'body')}`;
}

function supplyLine(result: unknown): string {
  if (!isObject(result)) return 'not known';
  const known = (member: string): string => textOf(result, member) || 'not known';
  const reasons = listOf(result, 'reasons').map((one) => `${textOf(one, 'member')}: ${textOf(one, 'code')}`);
  const assumed = listOf(result, 'assumptions').map(String);
  return [
    `first day without enough: ${known('first_uncovered_date')}, order by ${known('order_by_date')}, urgency ${known('urgency')}`,
    `because ${reasons.join(', ')}`,
    ...(assumed.length > 0 ? [`assuming ${assumed.join(', ')}`] : []),
  ].join(INDENT);
}

/** Metric and member of the numbers about people that are shown, as far as they may be. */
const PEOPLE_NUMBERS = [
  ['reminders', 'published', 'doses published'],
  ['reminders', 'taken', 'doses taken'],
  ['refills', 'checks', 'refill checks'],
  ['interactions', 'findings', 'interactions found'],
] as const;

/** What tells of people is withheld: their days are not settled yet, and few took part. */
function rollUpLine(result: unknown): string {
  const metrics = memberOf(result, 'metrics');
  if (metrics === undefined) return 'not known';
  const total = memberOf(memberOf(metrics, 'jobs'), 'total');
  const jobs = `${memberOf(total, 'accepted')} jobs accepted, ${memberOf(total, 'ended')} ended`;
  const people = PEOPLE_NUMBERS.map(
    ([metric, member, label]) => `${label} ${memberOf(memberOf(metrics, metric), member) ?? 'withheld'}`,
  );
  return [
    `${jobs}, ${memberOf(memberOf(metrics, 'security'), 'refusals')} requests refused`,
    `${percentilesOf(total, 'execution_time_ms', 'execution')}; ${percentilesOf(total, 'queue_wait_ms', 'queue wait')}`,
    people.join(', '),
    `withheld: not settled before ${memberOf(memberOf(result, 'suppression'), 'people_told_after')}, and later when 1 to 10 people stand behind it`,
  ].join(INDENT);
}

/** `execution p50 125 ms, p95 2002 ms, p99 6245 ms`. */
function percentilesOf(cell: unknown, member: string, label: string): string {
  const told = ['p50', 'p95', 'p99'].map(
    (rank) => `${rank} ${memberOf(memberOf(cell, member), rank) ?? '-'} ms`,
  );
  return `${label} ${told.join(', ')}`;
}

const memberOf = (value: unknown, member: string): unknown => (isObject(value) ? value[member] : undefined);

const listOf = (value: unknown, member: string): readonly unknown[] => {
  const list = isObject(value) ? value[member] : undefined;
  return Array.isArray(list) ? list : [];
};
