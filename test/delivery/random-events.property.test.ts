import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { expandSchedule } from '#shared/clinical/index.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { type CaseEvent, DeliveryPlay } from '#test/builders/delivery-case.ts';
import type { Left } from '#test/builders/virtual-deployment.ts';
import { brokenPromises } from './broken-promises.ts';

const ZONE = 'America/New_York';
/** The night in which the clock goes forward lies in the middle. */
const BEGIN = Date.parse('2027-03-13T00:00Z');
const DAYS = 3;
const MINUTES = DAYS * 24 * 60;
/** After it every window is over, the longest ones of twelve hours with it. */
const SETTLED_MINUTES = 26 * 60;
const instantOf = (minute: number): string =>
  Temporal.PlainDateTime.from(local(minute))
    .toZonedDateTime(ZONE)
    .toInstant()
    .toString({ fractionalSecondDigits: 3 });

type Timed = {
  readonly frequency: string;
  readonly times: string[];
};

const SCHEDULES: readonly Timed[] = [
  { frequency: 'QD', times: ['08:00'] },
  { frequency: 'BID', times: ['08:00', '20:00'] },
  { frequency: 'TID', times: ['02:30', '10:30', '18:30'] },
  { frequency: 'QID', times: ['06:00', '12:00', '18:00', '23:00'] },
];

const local = (minute: number): string => new Date(BEGIN + minute * 60_000).toISOString().slice(0, 16);
const minute = fc.integer({ min: 30, max: MINUTES - 1 });
const length = fc.integer({ min: 1, max: 14 * 60 });
/** Doses are named by their place among those that are listed then: most stand, some are ahead. */
const place = fc.integer({ min: 0, max: 7 });

/** Something that happens: which members it has follows from `do`; `place` is turned into a dose when it is played. */
type Happening = Omit<CaseEvent, 'at' | 'until'> & {
  readonly at: number;
  readonly lasts?: number;
  readonly place?: number;
};

const disturbance: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ do: fc.constant('tick_off'), at: minute, lasts: length }),
  fc.record({ do: fc.constant('workers_off'), at: minute, lasts: length }),
  fc.record({ do: fc.constantFrom('messages_lost', 'messages_twice'), at: minute, lasts: length }),
  fc.record({
    do: fc.constant('topic_off'),
    at: minute,
    lasts: length,
    for: fc.constant(['reminder.due', 'reminder.follow_up']),
  }),
  fc.record({
    do: fc.constant('worker_dies'),
    at: minute,
    when: fc.constantFrom('before_publish', 'after_publish'),
    times: fc.integer({ min: 1, max: 3 }),
  }),
  fc.record({ do: fc.constant('daily_sweep'), at: minute }),
);
const answer: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant('acknowledge'),
  at: minute,
  place,
  body: fc.constantFrom(
    { status: 'taken' },
    { status: 'taken' },
    { status: 'skipped', reason: { code: 'felt_unwell' } },
    { status: 'confirmed' },
  ),
});
const zone: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant('put_preferences'),
  at: minute,
  body: fc.constantFrom(
    { time_zone: ZONE },
    { time_zone: 'Asia/Tokyo' },
    { time_zone: 'America/Los_Angeles' },
    { time_zone: ZONE, current_time_zone: 'Europe/Berlin', follow: 'current' },
    { time_zone: ZONE, quiet_hours: { from: '22:00', to: '07:00' } },
  ),
});
const change: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    do: fc.constant('submit'),
    at: minute,
    schedule: fc.constantFrom(...SCHEDULES),
  }),
  fc.record({ do: fc.constant('delete_medication'), at: minute }),
  fc.record({
    do: fc.constant('put_medication'),
    at: minute,
    body: fc.constantFrom({ name: 'lisinopril', status: 'paused' }, { name: 'lisinopril', status: 'active' }),
  }),
);

interface Answer {
  readonly id: string;
  readonly at: Instant;
}

async function play(schedule: JsonObject, happenings: readonly Happening[]) {
  const isAnswer = ({ do: what }: Happening) => what === 'acknowledge';
  const one = new DeliveryPlay({
    zone: ZONE,
    begin: local(0),
    end: local(MINUTES + SETTLED_MINUTES),
    preferences: { time_zone: ZONE },
    schedule,
    events: happenings
      .filter((happening) => !isAnswer(happening))
      .map(({ at, lasts, place: _, ...rest }) => ({
        ...rest,
        at: local(at),
        ...(lasts !== undefined && { until: local(at + lasts) }),
      })),
  });
  const answered: Answer[] = [];
  for (const { at, body, place: index = 0 } of happenings.filter(isAnswer))
    one.world.plan(one.instant(local(at)), async () => {
      const dose = (await one.reminders(true))[index];
      const isHeard = dose && (await one.answer(String(dose['reminder_id']), body ?? {}));
      if (isHeard && body?.['status'] !== 'confirmed')
        answered.push({ id: String(dose['reminder_id']), at: one.world.now });
    });
  await one.run();
  return { one, answered, reminders: await one.reminders() };
}

/** Half the interval of the schedule with the most doses: nearer than that no two of these schedules may tell. */
const LEAST_APART_MS = 3 * 3_600_000;

function tooClose(left: readonly Left[]): readonly string[] {
  const due = left.filter(({ to, type }) => to === 'patient' && type === 'reminder.due');
  const moments = [...new Set(due.map(({ due_at: at }) => Date.parse(at)))].toSorted((a, b) => a - b);
  return moments
    .filter((at, index) => at - (moments[index - 1] ?? 0) < LEAST_APART_MS)
    .map((at) => new Date(at).toISOString());
}

const CHANGES = ['submit', 'delete_medication', 'put_medication', 'put_preferences'];

/** What the schedule owes from its acceptance until the end, told or not. */
const slotsOf = ({ frequency, times }: Timed): string[] =>
  expandSchedule({
    rule: 'wall_clock',
    frequency,
    times,
    time_zone: ZONE,
    start_date: local(0).slice(0, 10),
    end_date: local(MINUTES + SETTLED_MINUTES).slice(0, 10),
  })
    .utc.map((at) => new Date(at).toISOString())
    .filter((at) => at > instantOf(0) && at < instantOf(MINUTES + SETTLED_MINUTES));

const OPEN = ['scheduled', 'sending', 'needs_confirmation', 'snoozed'];
/** More of them by hand: 1,000 take about four minutes. */
const RUNS = Number(process.env['RANDOM_EVENTS_RUNS'] ?? 40);

it('whatever happens, no message breaks a promise, and nothing stays open after its window', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SCHEDULES),
      fc.constantFrom({}, { follow_up: { count: 2, every_minutes: 15 } }, { critical: true }),
      fc.array(fc.oneof(disturbance, answer, zone, change), { minLength: 1, maxLength: 8 }),
      async (schedule, options, happenings) => {
        const { one, reminders, answered } = await play({ ...schedule, ...options }, happenings);
        const { left, now } = one.world;
        expect(brokenPromises(left)).toEqual([]);
        const open = reminders.filter(
          ({ expires_at: until, status }) => String(until) <= now && OPEN.includes(String(status)),
        );
        expect(open).toEqual([]);
        const toldAfter = answered.flatMap(({ at, id }) =>
          left.filter(
            (message) => message.occurrence_id === id && message.at > at && message.to === 'patient',
          ),
        );
        expect(toldAfter).toEqual([]);
        if (!happenings.some(({ body }) => body?.['status'] === 'confirmed'))
          expect(tooClose(left)).toEqual([]);
        if (happenings.every(({ do: what }) => !CHANGES.includes(what)))
          expect(reminders.map(({ due_at: dueAt }) => dueAt)).toEqual(
            expect.arrayContaining(slotsOf(schedule)),
          );
      },
    ),
    { numRuns: RUNS },
  );
}, 600_000);
