import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { textOf } from '../api-client.ts';
import { isObject } from '../deploy/template.ts';
import { clockOffset } from '../hooks/laptop-hooks.ts';
import { moveClock } from '../hooks/move-clock.ts';
import { invokeFunction } from '../invoke-function.ts';
import type { StackFile } from '../stack-file.ts';

export const REMINDER_KIND = 'medication-reminder';

/**
 * Minutes until the demo's dose: beyond what is made at once when a schedule is accepted, so that the tick has to
 * find it.
 */
const MINUTES_AHEAD = 12;
const LONGEST_WAIT_SECONDS = 30;

/** The example with one dose a day in its own zone, due in some minutes. */
export function demoReminder(example: JsonObject, { hooksDir }: StackFile): JsonObject {
  const due = Date.now() + clockOffset(hooksDir) + MINUTES_AHEAD * 60_000;
  const timeZone = textOf(example['schedule'], 'time_zone');
  const time = Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(timeZone).toPlainTime();
  const times = [time.toString({ smallestUnit: 'minute' })];
  const schedule = isObject(example['schedule']) ? example['schedule'] : {};
  // The example is JSON, so a member of it is.
  return { ...example, schedule: { ...(schedule as JsonObject), frequency: 'QD', times } };
}

/**
 * Sets the functions' clock to the next dose, runs the tick, waits for the message and turns the clock back.
 * @param result of the reminder's job
 * @returns the published message, `undefined` when none came in time
 */
export async function fireReminder(stack: StackFile, result: unknown): Promise<unknown> {
  const occurrences =
    isObject(result) && Array.isArray(result['next_occurrences']) ? result['next_occurrences'] : [];
  const dueAt = textOf(occurrences[0], 'due_at');
  if (dueAt === '') return undefined;
  const offsetBefore = clockOffset(stack.hooksDir);
  const before = (await messagesFor(stack, dueAt)).length;
  await moveClock(stack, Date.parse(dueAt) + 1000 - Date.now());
  try {
    await invokeFunction(stack, 'tick');
    for (const end = Date.now() + LONGEST_WAIT_SECONDS * 1000; Date.now() < end; await sleep(200)) {
      const message = (await messagesFor(stack, dueAt))[before];
      if (message !== undefined) return message;
    }
    return undefined;
  } finally {
    await moveClock(stack, offsetBefore);
  }
}

/** What was published for that due time so far, first to last: an earlier demo may have had the same. */
async function messagesFor({ frontUrl }: StackFile, dueAt: string): Promise<unknown[]> {
  const inbox: unknown = await (await fetch(`${frontUrl}/inbox.json`)).json();
  const entries = Array.isArray(inbox) ? inbox.filter(isObject) : [];
  return entries.map(({ message }) => message).filter((message) => textOf(message, 'due_at') === dueAt);
}
