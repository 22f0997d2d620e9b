import { setTimeout as sleep } from 'node:timers/promises';
import { Temporal } from 'temporal-polyfill';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { callApi, textOf } from '../api-client.ts';
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

/** Submits a job with this body and waits for its end. */
export type RunReminder = (
  body: JsonObject,
) => Promise<{ readonly status: string; readonly result: unknown }>;

/**
 * Lets one reminder fire: a medication of its own, so that the demo may run as often as wished, one dose some minutes
 * ahead, the functions' clock set to it, the tick. Afterwards the clock is turned back and the medication stopped.
 * @param token of the patient
 * @returns the published message, `undefined` when none came in time
 */
export async function fireReminder(
  stack: StackFile,
  token: string,
  example: JsonObject,
  run: RunReminder,
): Promise<unknown> {
  const body = reminderInMinutes(example, stack);
  const { status, result } = await run(body);
  const occurrences =
    isObject(result) && Array.isArray(result['next_occurrences']) ? result['next_occurrences'] : [];
  const dueAt = textOf(occurrences[0], 'due_at');
  if (status !== 'succeeded' || dueAt === '') return undefined;
  const offsetBefore = clockOffset(stack.hooksDir);
  await moveClock(stack, Date.parse(dueAt) + 1000 - Date.now());
  try {
    await invokeFunction(stack, 'tick');
    for (const end = Date.now() + LONGEST_WAIT_SECONDS * 1000; Date.now() < end; await sleep(200)) {
      const message = await messageAbout(stack, textOf(body, 'medication_id'));
      if (message !== undefined) return message;
    }
    return undefined;
  } finally {
    await moveClock(stack, offsetBefore);
    const path = `/users/${textOf(body, 'user_id')}/medications/${textOf(body, 'medication_id')}`;
    await callApi(stack.apiUrl, 'DELETE', path, { token });
  }
}

/** The example with one dose a day in its own zone, due in some minutes, of a medication that no other demo has had. */
function reminderInMinutes(example: JsonObject, { hooksDir }: StackFile): JsonObject {
  const due = Date.now() + clockOffset(hooksDir) + MINUTES_AHEAD * 60_000;
  const schedule = isObject(example['schedule']) ? example['schedule'] : {};
  const local = Temporal.Instant.fromEpochMilliseconds(due).toZonedDateTimeISO(textOf(schedule, 'time_zone'));
  const times = [local.toPlainTime().toString({ smallestUnit: 'minute' })];
  return {
    ...example,
    medication_id: `med-demo-${Date.now().toString(36)}`,
    // The example is JSON, so a member of it is.
    schedule: { ...(schedule as JsonObject), frequency: 'QD', times },
  };
}

async function messageAbout({ frontUrl }: StackFile, medicationId: string): Promise<unknown> {
  const inbox: unknown = await (await fetch(`${frontUrl}/inbox.json`)).json();
  const entries = Array.isArray(inbox) ? inbox.filter(isObject) : [];
  return entries
    .map(({ message }) => message)
    .find((message) => textOf(message, 'medication_id') === medicationId);
}
