import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import { acknowledgeReminder } from '#shared/operations/acknowledge-reminder.ts';
import type { AcknowledgementBody } from '#shared/operations/bodies/acknowledgement.ts';
import { getPreferences } from '#shared/operations/get-preferences.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { reportDelivery } from '#shared/operations/report-delivery.ts';
import { runAttempt } from '#shared/operations/run-attempt.ts';
import { stopMedication } from '#shared/operations/stop-medication.ts';
import { applyBusinessRules, recordAcceptance } from '#shared/operations/submit-job.ts';
import { DeliveryPlay } from '#test/builders/delivery-case.ts';
import { racedEngine } from '#test/builders/raced-engine.ts';
import { callerAs, planFor, requestAt, type TestEngine } from '#test/builders/test-engine.ts';
import { brokenPromises } from './broken-promises.ts';

const IDS = { userId: 'p1', medicationId: 'm1' };
const PATIENT = callerAs('patient', IDS.userId);
const DAUGHTER = {
  caregiver_id: 'daughter',
  scope: ['receive_escalations' as const],
  consented_at: '2027-01-01T00:00:00.000Z',
};
const DOSE = '2027-03-01T08:00';

/** What a person or an application says in the moment of a message; the engine is the raced one. */
type Act = (engine: TestEngine, reminderId: string) => Promise<unknown>;

const answering =
  (body: AcknowledgementBody): Act =>
  (engine, reminderId) =>
    acknowledgeReminder(engine, PATIENT, { userId: 'p1', reminderId }, body, requestAt(engine));
const reporting =
  (status: 'delivered' | 'failed'): Act =>
  (engine, reminderId) =>
    reportDelivery(
      engine,
      callerAs('service', 'client'),
      { userId: 'p1', reminderId },
      { status, channel: 'push', at: engine.time.now() },
      requestAt(engine),
    );
const TAKEN = answering({ status: 'taken' });
const SKIPPED = answering({ status: 'skipped', reason: { code: 'felt_unwell' } });
const SNOOZED = answering({ status: 'snoozed', snooze_until: '2027-03-01T15:00:00.000Z' });
const PAUSED: Act = (engine) =>
  putMedication(engine, PATIENT, IDS, { name: 'lisinopril', status: 'paused' }, requestAt(engine));
const STOPPED: Act = (engine) => stopMedication(engine, PATIENT, IDS, requestAt(engine));
const REVOKED: Act = async (engine) => {
  const { tag } = await getPreferences(engine, PATIENT, IDS, requestAt(engine));
  const caregivers = [{ ...DAUGHTER, revoked_at: engine.time.now() }];
  const body = { time_zone: 'America/New_York', caregivers };
  return putPreferences(engine, PATIENT, { userId: 'p1', ifMatch: [tag] }, body, requestAt(engine));
};

interface Race {
  readonly schedule: JsonObject;
  readonly at: string;
  readonly acts: readonly Act[];
  /** Schedules that are accepted just before, so that their jobs run in the same moment. */
  readonly replacements?: readonly JsonObject[];
}

/** All messages that are visible at that moment, each with a worker of its own, and all acts, in an order that is drawn. */
async function race(scheduler: fc.Scheduler, { schedule, at, acts, replacements = [] }: Race) {
  const play = new DeliveryPlay({
    zone: 'America/New_York',
    begin: '2027-03-01T07:00',
    end: '2027-03-01T10:30',
    preferences: { time_zone: 'America/New_York', caregivers: [DAUGHTER] },
    schedule: { end_date: '2027-03-01', ...schedule },
  });
  const { engine } = play.world;
  const { engine: raced, calls } = racedEngine(engine, scheduler);
  const heard: boolean[] = [];
  play.world.plan(play.instant(at), async () => {
    const reminderId = String((await play.reminders(true))[0]?.['reminder_id']);
    for (const one of replacements) await accept(engine, one);
    const said = acts.map(async (act, index) => {
      heard[index] = await act(raced, reminderId).then(() => true, refused);
    });
    await scheduler.waitFor(Promise.all([...said, ...workers(engine, raced)]));
  });
  await play.run();
  const [dose] = await play.reminders();
  return { play, dose, heard, calls };
}

function refused(error: unknown): false {
  if (error instanceof ProblemError) return false;
  throw error;
}

async function accept(engine: TestEngine, schedule: JsonObject): Promise<void> {
  const kind = engine.kinds.get('medication-reminder');
  if (!kind) throw new Error('There is no job kind medication-reminder.');
  const payload = { user_id: 'p1', medication_id: 'm1', schedule };
  await recordAcceptance(engine, await applyBusinessRules(engine, planFor(engine, kind, { payload })));
}

function* workers({ queue, timing }: TestEngine, raced: TestEngine): Generator<Promise<void>> {
  const next = () => queue.receive(({ priority }) => timing[priority].visibilitySeconds);
  for (let got = next(); got; got = next()) {
    const { message, receiptHandle } = got;
    yield runAttempt(raced, message).then(async (end) => {
      if (end.message === 'delete') queue.delete(receiptHandle);
      else await queue.setVisibility(receiptHandle, end.visibilitySeconds);
    });
  }
}

const DAILY = { frequency: 'QD', times: ['08:00'] };
const FOLLOWED = { ...DAILY, follow_up: { count: 2, every_minutes: 30 } };
const ESCALATED = { ...DAILY, escalate_after_minutes: 30 };
/** More of them by hand: 1,000 take some minutes. */
const RUNS = Number(process.env['RACES_RUNS'] ?? 50);

it('after a word that ends a message stands nothing begins to leave, in whatever order the two come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.constantFrom<{ schedule: JsonObject; at: string; act: Act }>(
        ...[TAKEN, SKIPPED, PAUSED, STOPPED].flatMap((act) => [
          { schedule: DAILY, at: DOSE, act },
          { schedule: FOLLOWED, at: '2027-03-01T08:30', act },
          { schedule: ESCALATED, at: '2027-03-01T08:30', act },
        ]),
        { schedule: FOLLOWED, at: '2027-03-01T08:30', act: SNOOZED },
        { schedule: ESCALATED, at: '2027-03-01T08:30', act: REVOKED },
      ),
      async (scheduler, { act, ...of }) => {
        const { play, heard, calls } = await race(scheduler, { ...of, acts: [act] });
        const { left } = play.world;
        expect(brokenPromises(left)).toEqual([]);
        expect(heard).toEqual([true]);
        const isCommitted = (name: string, from = 0) =>
          calls.findIndex(
            (call, index) => index >= from && call.name === name && call.answer === 'committed',
          );
        const stands = isCommitted('schedules.commit');
        expect(stands).toBeGreaterThanOrEqual(0);
        expect(isCommitted('store.recordIntent', stands)).toBe(-1);
        if (act !== SNOOZED) expect(left.filter((message) => message.at > play.instant(of.at))).toEqual([]);
      },
    ),
    { numRuns: RUNS },
  );
}, 300_000);

it('whatever comes while a dose is told, what is recorded is what happened', async () => {
  const acts = [TAKEN, TAKEN, SKIPPED, PAUSED, STOPPED, reporting('delivered'), reporting('failed')];
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.constantFrom(...acts), { minLength: 1, maxLength: 3 }),
      fc.subarray([DAILY, { ...DAILY, times: ['09:00'] }, { frequency: 'PRN' }], { maxLength: 1 }),
      async (scheduler, chosen, replacements) => {
        const { play, dose, heard } = await race(scheduler, {
          schedule: FOLLOWED,
          at: DOSE,
          acts: chosen,
          replacements,
        });
        const { left } = play.world;
        expect(brokenPromises(left)).toEqual([]);
        if (chosen.some((act, index) => act === TAKEN && heard[index]))
          expect(dose?.['status']).toBe('taken');
        const told = left.filter(
          ({ type, due_at }) => type === 'reminder.due' && due_at === dose?.['due_at'],
        );
        expect(told.length).toBeLessThanOrEqual(1);
        if (dose?.['status'] === 'not_sent' && dose['reason'] !== 'delivery_uncertain')
          expect(told).toEqual([]);
        if (told.length === 0) expect(dose?.['status']).not.toBe('published');
      },
    ),
    { numRuns: RUNS },
  );
}, 300_000);
