import fc from 'fast-check';
import { expect, it } from 'vitest';
import { letTimePass, setReminder } from '#test/builders/reminders.ts';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  requestAt,
  type TestEngine,
} from '#test/builders/test-engine.ts';
import { eventFaults, NO_EVENT_FAULTS } from '#test/fault-run/event-faults.ts';
import { type Schedule, spacingHours } from '../clinical/index.ts';
import { JOB_KINDS } from '../jobs/registry.ts';
import { addSeconds, type Instant } from '../lifecycle/instant.ts';
import { putPreferences } from './put-preferences.ts';

const START: Instant = '2027-03-01T00:00:00.000Z';
const MINUTES = 48 * 60;
const END = addSeconds(START, MINUTES * 60);
const OWNER = callerAs('patient', 'user-1');

/** Schedules that take each other's place; none names a zone, so all follow the user. */
const SCHEDULES = [
  { frequency: 'QD', times: ['09:00'] },
  { frequency: 'BID', times: ['08:00', '20:00'] },
  { frequency: 'TID', times: ['07:00', '13:30', '21:00'] },
  { frequency: 'TID', times: ['08:00', '10:00', '12:00'] },
  { frequency: 'Q6H' },
  { frequency: 'PRN', max_doses_per_day: 4 },
] as const;

const ZONES = [
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'Asia/Tokyo',
  'Pacific/Honolulu',
] as const;

type Step =
  | { readonly minute: number; readonly schedule: (typeof SCHEDULES)[number] }
  | { readonly minute: number; readonly zone: (typeof ZONES)[number] };

const minute = fc.integer({ min: 1, max: MINUTES - 1 });
const replacing = fc.record({ minute, schedule: fc.constantFrom(...SCHEDULES) });
const travelling = fc.record({ minute, zone: fc.constantFrom(...ZONES) });

async function prefers(engine: TestEngine, zone: string): Promise<void> {
  const user = await engine.schedules.read({ type: 'user', owner: engine.refs.user('user-1'), id: '' });
  const target = { userId: 'user-1', ifMatch: user?.body.preferences ? [`"${user.version}"`] : undefined };
  await putPreferences(engine, OWNER, target, { time_zone: zone }, requestAt(engine));
  await deliverAll(engine);
}

const schedules = (engine: TestEngine): Schedule[] =>
  [...engine.db.records.values()].flatMap(
    (record) => (record.type === 'schedule' ? [record.body as unknown as Schedule] : []), // of the type that it carries
  );

/** Lets two days pass with these steps; each told dose comes with the hours that its schedule keeps before it. */
async function live(steps: readonly Step[]) {
  const engine = createTestEngine(JOB_KINDS, { start: START, dueShards: 1 });
  await prefers(engine, 'Europe/Berlin');
  await setReminder(engine, { schedule: SCHEDULES[1] });
  const told: { readonly dueAt: Instant; readonly id: string; readonly hours: number }[] = [];
  const note = () => {
    const [schedule] = schedules(engine);
    for (const one of engine.publisher.all.filter(({ type }) => type === 'reminder.due').slice(told.length))
      told.push({ dueAt: one.due_at, id: one.occurrence_id, hours: schedule ? spacingHours(schedule) : 0 });
  };
  for (const step of steps.toSorted((a, b) => a.minute - b.minute)) {
    const at = addSeconds(START, step.minute * 60);
    if (at > engine.time.now()) await letTimePass(engine, at);
    note();
    if ('zone' in step) await prefers(engine, step.zone);
    else await setReminder(engine, { schedule: step.schedule });
    note();
  }
  await letTimePass(engine, END);
  note();
  return { engine, told };
}

const open = (engine: TestEngine, before: Instant): string[] =>
  [...engine.db.records.values()].flatMap((record) => {
    const { status = '', dueAt = '' } = record.state as { status?: string; dueAt?: string }; // whatever it carries
    const isOpen = record.type === 'occurrence' && (status === 'scheduled' || status === 'sending');
    return isOpen && dueAt < before ? [`${record.id} ${status}`] : [];
  });

it('never tells a slot twice, nor two doses that nobody confirmed closer than half the interval', async () => {
  const steps = fc.array(fc.oneof(replacing, travelling), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const { engine, told } = await live(all);
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      for (const [index, one] of told.entries())
        for (const before of told.slice(0, index)) {
          const apart = Math.abs(Date.parse(one.dueAt) - Date.parse(before.dueAt)) / 3_600_000;
          expect([apart >= one.hours && apart > 0, before, one]).toEqual([true, before, one]);
        }
      expect(open(engine, addSeconds(END, -3600))).toEqual([]);
      expect(eventFaults(engine.db)).toEqual(NO_EVENT_FAULTS);
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('loses no dose when a schedule is replaced by its like, whenever that is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(minute, { minLength: 1, maxLength: 5 }), async (minutes) => {
      // Also in the very minutes in which a dose is due: 08:00 and 20:00 in Berlin.
      const steps = [...minutes, 7 * 60 - 1, 7 * 60].map((at) => ({ minute: at, schedule: SCHEDULES[1] }));
      const { told } = await live(steps);
      expect(told.map(({ dueAt }) => dueAt)).toEqual([
        '2027-03-01T07:00:00.000Z',
        '2027-03-01T19:00:00.000Z',
        '2027-03-02T07:00:00.000Z',
        '2027-03-02T19:00:00.000Z',
      ]);
    }),
    { numRuns: 15 },
  );
}, 120_000);
