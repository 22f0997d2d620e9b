import type { ReminderMessage, StoredRecord } from '#shared/jobs/ports.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { openPayload } from '#shared/operations/payload-envelope.ts';
import { applyBusinessRules, recordAcceptance } from '#shared/operations/submit-job.ts';
import type { MemoryDatabase } from '#test/fakes/memory-database.ts';

/** A message about a dose, at the moment at which a worker handed it over. */
export type Left = ReminderMessage & { readonly at: Instant };

/** The product's own kinds: what the run's kinds only resemble. */
export const REMINDER_KINDS = new Map(
  JOB_KINDS.filter(({ name }) => name === 'medication-reminder' || name === 'reminder-delivery').map(
    (kind) => [kind.name, kind],
  ),
);

/** Four doses half an hour apart, so that faults of minutes cost windows, each with two follow-ups; then the day is over. */
const DAY = '2026-03-02';
const timesOf = (number: number): string[] =>
  ['08:1', '08:4', '09:1', '09:4'].map((ten) => `${ten}${number % 10}`);
export const userOf = (number: number): string => `patient-${number}`;
const MEDICATION = 'm1';

type SubmitDeps = Parameters<typeof applyBusinessRules>[0] & Parameters<typeof recordAcceptance>[0];

/** Asks for reminders until there is an answer, as clients do; `undefined` when there never was one. */
export async function submitReminder(
  deps: SubmitDeps & Pick<Engine, 'kinds'>,
  number: number,
  receivedAt: Instant,
): Promise<string | undefined> {
  const kind = deps.kinds.get('medication-reminder');
  if (!kind) throw new Error('There is no job kind medication-reminder.');
  const schedule = {
    frequency: 'QID',
    times: timesOf(number),
    time_zone: 'UTC',
    start_date: DAY,
    end_date: DAY,
    follow_up: { count: 2, every_minutes: 5 },
  };
  const payload = { user_id: userOf(number), medication_id: MEDICATION, schedule };
  for (let tries = 0; tries < 20; tries += 1) {
    const answer = await applyBusinessRules(deps, {
      kind,
      payload,
      opened: kind.open(payload),
      caller: { subject: 'client', roles: ['service'], careFor: [] },
      role: 'service',
      priority: kind.defaultPriority,
      idempotencyKey: `reminder-${number}`,
      correlationId: `r-${number}`,
      receivedAt,
      checks: [],
    })
      .then((plan) => recordAcceptance(deps, plan))
      .catch(() => undefined);
    if (answer) return String(answer.body['job_id']);
  }
  return undefined;
}

interface Run {
  readonly db: MemoryDatabase;
  readonly reminders: ReadonlySet<string>;
  readonly refs: Engine['refs'];
  readonly left: readonly Left[];
}

/** A worker looks at the time, and then hands the message over: a call takes this long at most. */
const CALL_MS = 300;

/** What an auditor would count of the patients' doses. */
export function reminderVerdict({ db, reminders, refs, left }: Run) {
  const about = left.filter(({ user_id }) => user_id.startsWith('patient-'));
  const byDose = Map.groupBy(about, ({ occurrence_id, user_id }) => `${user_id} ${occurrence_id}`);
  const byMessage = Map.groupBy(about, ({ message_id, user_id }) => `${user_id} ${message_id}`);
  const doses = [...reminders].flatMap((jobId) => {
    const row = db.rows.get(jobId);
    // One whose four attempts all failed has told its caller so, and owes no dose.
    if (row?.status !== 'succeeded') return [];
    const userId = String(openPayload(db.payloads.get(jobId) ?? {}).body['user_id']);
    const medicationRef = refs.medication(userId, MEDICATION);
    return timesOf(Number(userId.slice('patient-'.length))).map((time) => {
      const id = `${DAY}_${time.replace(':', '')}_${medicationRef}`;
      const record = db.occurrence(row.userRef ?? '', id);
      return { key: `${userId} ${id}`, status: record?.state.status ?? 'lost', reason: reasonOf(record) };
    });
  });
  const told = (key: string) => byDose.get(key)?.length ?? 0;
  const count = (is: (dose: (typeof doses)[number]) => boolean) => doses.filter(is).length;
  return {
    schedules: reminders.size,
    lost: count(({ status }) => status === 'lost'),
    leftOpen: count(({ status }) => status === 'scheduled' || status === 'sending'),
    publishedButNotTold: count(({ key, status }) => status === 'published' && told(key) === 0),
    notSentButTold: count(
      ({ key, status, reason }) => status === 'not_sent' && reason !== 'delivery_uncertain' && told(key) > 0,
    ),
    early: about.filter(({ at, due_at }) => at < due_at).length,
    afterTheWindow: about.filter(({ at, expires_at }) => Date.parse(at) > Date.parse(expires_at) + CALL_MS)
      .length,
    unflagged: [...byMessage.values()].filter(
      (messages) => messages.filter(({ possible_duplicate }) => !possible_duplicate).length > 1,
    ).length,
  };
}

const reasonOf = (record: StoredRecord<'occurrence'> | undefined): string | null =>
  record?.state.reason ?? null;

/** How often the run came to what it is about: without these it proves nothing. */
export const reminderFaults = ({ db, left }: Run) => ({
  doses: [...db.records.values()].filter(({ type, id }) => type === 'occurrence' && id.startsWith(DAY))
    .length,
  late: left.filter(({ late, user_id }) => late && user_id.startsWith('patient-')).length,
  flagged: left.filter(
    ({ possible_duplicate, user_id }) => possible_duplicate && user_id.startsWith('patient-'),
  ).length,
  followUps: left.filter(({ type }) => type === 'reminder.follow_up').length,
});
