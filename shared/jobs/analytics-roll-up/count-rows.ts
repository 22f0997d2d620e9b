import { reminderStatusAt } from '../../clinical/index.ts';
import type { Instant } from '../../lifecycle/instant.ts';
import type { DoseRow, JsonObject, OutcomeRow } from '../ports.ts';
import type { Family } from './metrics-types.ts';
import { type Person, personOf } from './people.ts';
import type { Tally } from './tally.ts';

// What one row adds. A key names what is counted; which keys make up a number that is shown stands with the answer.

/** One ended job: `<kind>|<priority>|<field>`. */
export function countOutcome(tally: Tally, outcome: OutcomeRow): void {
  const { kind, priority, status, attempts, executionMs, queueWaitMs } = outcome;
  const key = (field: string) => `${kind}|${priority}|${field}`;
  const retries = Math.max(attempts - 1, 0);
  tally.add(key(status), 1);
  tally.add(key('attempts'), attempts);
  tally.add(key('retries'), retries);
  // Only what failed is followed by another attempt; the last attempt failed when the job did.
  tally.add(key('failed_attempts'), status === 'failed' ? attempts : retries);
  if (executionMs !== undefined) tally.sample(key('execution'), executionMs);
  if (queueWaitMs !== undefined) tally.sample(key('queue_wait'), queueWaitMs);
}

/** One dose: `<what became of it>|<on_time, late or untold>`, `|after` when it came late; its time to an answer, when it was told before. */
export function countDose(tally: Tally, dose: DoseRow, hourEnd: Instant, now: Instant): void {
  const told = dose.told ? (dose.told.late ? 'late' : 'on_time') : 'untold';
  const came = cameLate(dose, hourEnd) ? '|after' : '';
  tally.add(`${becameOf(dose, now)}|${told}${came}`, 1, personOf(dose.userRef));
  if (dose.told && dose.answeredAt !== undefined && isAnswered(dose.status))
    tally.sample('time_to_acknowledge', Date.parse(dose.answeredAt) - Date.parse(dose.told.at));
}

/** A write takes its time after the answer that it records. */
const WRITE_MS = 60_000;
/** The longest time that a dose may be told in; it counts where none is recorded. */
const WINDOW_MS = 12 * 3_600_000;

/**
 * Whether the row was last written after its hour although nothing of the dose happened then: an answer that was given earlier, a
 * correction, or anything after the dose's window. To answer within the window is no delay, on whichever side of the hour.
 */
function cameLate({ recordedAt, answeredAt, expiresAt, dueAt }: DoseRow, hourEnd: Instant): boolean {
  if (recordedAt < hourEnd) return false;
  const writtenMs = Date.parse(recordedAt);
  const overMs = expiresAt === undefined ? Date.parse(dueAt) + WINDOW_MS : Date.parse(expiresAt);
  return writtenMs > overMs || (answeredAt !== undefined && writtenMs > Date.parse(answeredAt) + WRITE_MS);
}

function becameOf(dose: DoseRow, now: Instant): string {
  const status = reminderStatusAt(dose, now);
  switch (status) {
    case 'taken':
    case 'skipped':
    case 'missed':
    case 'undelivered':
      return status;
    case 'not_sent':
      return `not_sent:${dose.reason ?? 'not_recorded'}`;
    default:
      // Told, put off or held: its window is not over.
      return 'open';
  }
}

const isAnswered = (status: DoseRow['status']): boolean => status === 'taken' || status === 'skipped';

/** What the work of a succeeded job of that family adds; nothing for other kinds. */
export const FACT_FAMILIES = {
  'refill-check': { family: 'refills', count: countRefillCheck },
  'supply-monitor': { family: 'supply', count: countSupply },
  'interaction-check': { family: 'interactions', count: countInteractions },
} as const satisfies Record<string, { family: Family; count: Count }>;

type Count = (tally: Tally, facts: JsonObject, person: Person) => void;

function countRefillCheck(tally: Tally, facts: JsonObject, person: Person): void {
  tally.add(`check:${codeOf(facts['urgency'])}`, 1, person);
}

/** The medications that were projected are those with an urgency, known or not. */
function countSupply(tally: Tally, facts: JsonObject, person: Person): void {
  const byUrgency = Object.entries(countsIn(facts['by_urgency']));
  const { projected = 0, ...others } = countsIn(facts['by_outcome']);
  for (const [urgency, count] of byUrgency) tally.add(`projected:${urgency}`, count, person);
  const rated = byUrgency.reduce((sum, [, count]) => sum + count, 0);
  tally.add('projected:not_known', Math.max(projected - rated, 0), person);
  for (const [outcome, count] of Object.entries(others)) tally.add(`other:${outcome}`, count, person);
  tally.add('changes_told', countOf(facts['changes_told']), person);
}

function countInteractions(tally: Tally, facts: JsonObject, person: Person): void {
  tally.add(`check:${codeOf(facts['outcome'])}`, 1, person);
  for (const [level, count] of Object.entries(countsIn(facts['by_level'])))
    tally.add(`finding:${level}`, count, person);
  const unrecognised = countOf(facts['unrecognised']);
  tally.add('entry:unrecognised', unrecognised, person);
  tally.add('entry:recognised', Math.max(countOf(facts['entries']) - unrecognised, 0), person);
  tally.add('not_assessed', countOf(facts['not_assessed']), person);
}

const codeOf = (json: unknown): string => (typeof json === 'string' ? json : 'not_recorded');

/** Counts were written as whole numbers; a list counts by its length. */
const countOf = (json: unknown): number =>
  Array.isArray(json) ? json.length : typeof json === 'number' && json > 0 ? json : 0;

const countsIn = (json: unknown): Record<string, number> =>
  typeof json === 'object' && json !== null
    ? Object.fromEntries(Object.entries(json).map(([key, count]) => [key, countOf(count)]))
    : {};
