import fc from 'fast-check';
import { expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import { callerAs, createTestEngine, requestAt, type TestEngine } from '#test/builders/test-engine.ts';
import { eventFaults, NO_EVENT_FAULTS } from '#test/fault-run/event-faults.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';
import { listReminders } from './list-reminders.ts';

const START: Instant = '2027-03-01T00:00:00.000Z';
const END = addSeconds(START, 54 * 3600);
const PATIENT = callerAs('patient', 'user-1');
const time_zone = 'Europe/Berlin';

const SCHEDULES = [
  { frequency: 'QID', times: ['06:00', '12:00', '18:00', '22:00'], time_zone },
  { frequency: 'BID', times: ['08:00', '10:00'], time_zone },
  { frequency: 'Q8H', anchor: '2027-03-01T01:30', time_zone, critical: true },
] as const;

/** The documented members of what the list shows. */
interface Listed {
  readonly reminder_id: string;
  readonly due_at: Instant;
  readonly status: string;
  readonly overdue?: boolean;
}

async function listed(engine: TestEngine): Promise<readonly Listed[]> {
  const target = { userId: 'user-1', query: { from: START, to: END, limit: 200 } };
  const { reminders } = await listReminders(engine, PATIENT, target, requestAt(engine));
  return reminders as unknown as readonly Listed[]; // as the route documents it
}

const answer = (engine: TestEngine, reminderId: string, status: 'taken' | 'skipped') =>
  acknowledgeReminder(
    engine,
    PATIENT,
    { userId: 'user-1', reminderId },
    status === 'taken' ? { status } : { status, reason: { code: 'other' } },
    requestAt(engine),
  );

it('what is overdue is answered in any order: each dose stands once, none is told after its answer, the rest as ever', async () => {
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SCHEDULES),
      fc.record({
        // A shard that was never worked through looks back a day only.
        from: fc.integer({ min: 1, max: 20 * 60 }),
        minutes: fc.integer({ min: 60, max: 30 * 60 }),
      }),
      // Of all answers some come in the last minute without the tick, some halfway.
      fc.array(
        fc.record({
          which: fc.nat(20),
          status: fc.constantFrom('taken', 'skipped'),
          isHalfway: fc.boolean(),
        }),
        { maxLength: 6 },
      ),
      async (schedule, { from, minutes }, answers) => {
        const engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 1 });
        await setReminder(engine, { schedule });
        const at = (minute: number) => addSeconds(START, minute * 60);
        const isOut = (minute: Instant) => minute >= at(from) && minute < at(from + minutes);
        const said = new Map<string, string>();
        for (const isHalfway of [true, false]) {
          await letTimePass(engine, at(from + (isHalfway ? Math.floor(minutes / 2) : minutes)), isOut);
          const overdue = (await listed(engine)).filter((one) => one.overdue);
          for (const { which, status } of answers.filter((one) => one.isHalfway === isHalfway)) {
            const one = overdue[which % Math.max(overdue.length, 1)];
            if (!one || said.has(one.reminder_id)) continue;
            await answer(engine, one.reminder_id, status);
            said.set(one.reminder_id, status);
          }
        }
        answered += said.size;
        const toldBefore = engine.publisher.all.length;
        await letTimePass(engine, END, isOut);

        const doses = await listed(engine);
        expect(doses.filter(({ overdue }) => overdue)).toEqual([]);
        expect(new Set(doses.map(({ due_at }) => due_at)).size).toBe(doses.length);
        for (const [id, status] of said)
          expect(doses.find(({ reminder_id }) => reminder_id === id)).toMatchObject({ status });
        const told = engine.publisher.all.map(({ occurrence_id }) => occurrence_id);
        expect(new Set(told).size).toBe(told.length);
        expect(told.slice(toldBefore).filter((id) => said.has(id))).toEqual([]);
        // What nobody answered was told, or is recorded as not sent: nothing else.
        const silent = doses.filter(
          ({ reminder_id, due_at }) => !said.has(reminder_id) && due_at < at(50 * 60),
        );
        for (const { reminder_id, status } of silent)
          expect(told.includes(reminder_id)).toBe(status !== 'not_sent');
        expect(eventFaults(engine.db)).toEqual(NO_EVENT_FAULTS);
      },
    ),
    { numRuns: 20 },
  );
  // Answers that meet no backlog prove nothing.
  expect(answered).toBeGreaterThan(0);
}, 120_000);
