import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMINDER_STATES } from '#shared/clinical/reminder-states.ts';
import type { JsonObject, MedicationBody, RecordShapes, ScheduleBody } from '#shared/jobs/ports.ts';
import { STATUSES } from '#shared/lifecycle/transitions.ts';
import { exportUser } from '#shared/operations/export-user.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { createAccessBench } from '#test/builders/access-bench.ts';
import { bundleFaults } from '#test/builders/fhir-bundle-faults.ts';
import { PATIENT, RightsBench, USER } from '#test/builders/rights-bench.ts';
import { callerAs, deliverAll, requestAt, type TestEngine } from '#test/builders/test-engine.ts';

import vocabulary from '../data/frequency-vocabulary.json' with { type: 'json' };

// The copy as Bundles of FHIR R4, held against HL7's definitions: with records of every kind, also odd ones, page by page.

interface Resource extends JsonObject {
  readonly resourceType: string;
  readonly id: string;
  readonly status: string;
}

interface Page extends JsonObject {
  readonly link?: readonly { readonly url: string }[];
  readonly entry: readonly { readonly fullUrl: string; readonly resource: Resource }[];
}

async function pagesOf(engine: TestEngine, limit: number, userId = USER): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let cursor: string | null | undefined;
  do {
    const query = { format: 'fhir' as const, limit, ...(cursor && { cursor }) };
    const answer = await exportUser(
      engine,
      callerAs('patient', userId),
      { userId, query },
      requestAt(engine),
    );
    const page = answer as unknown as Page;
    pages.push(page);
    const url = page.link?.[0]?.url;
    cursor = url && new URL(url, 'https://x').searchParams.get('cursor');
  } while (cursor);
  return pages;
}

async function wholeOf(engine: TestEngine, userId = USER): Promise<Page> {
  const [page, ...more] = await pagesOf(engine, 500, userId);
  if (!page || more.length > 0) throw new Error('It is one page.');
  return page;
}

const resourcesIn = (page: Page, type: string): Resource[] =>
  page.entry.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);

/** What patients, offices and imports ask for, through the kind that judges it. */
const SCHEDULES: readonly (readonly [string, JsonObject])[] = [
  ['daily, at the times of the deployment, in no zone of the user', { frequency: 'daily' }],
  ['three times a day until a date', { frequency: 'TID', end_date: '2027-12-24' }],
  ['every other day', { frequency: 'every 2 days', times: ['08:00'] }],
  ['on weekdays only', { frequency: 'weekdays', times: ['08:00'] }],
  ['on named days', { frequency: 'mon,wed,fri', times: ['08:00'] }],
  ['daily, narrowed to days', { frequency: 'QD', weekdays: ['SA', 'SU'], times: ['09:30'] }],
  ['weekly on a day', { frequency: 'weekly', weekdays: ['WE'], times: ['08:00'] }],
  ['twice a week', { frequency: 'twice a week', weekdays: ['MO', 'TH'], times: ['08:00'] }],
  [
    'monthly, left out in short months',
    { frequency: 'monthly', times: ['08:00'], month_rule: 'skip', start_date: '2027-12-31' },
  ],
  ['every eight hours from an instant', { frequency: 'Q8H', anchor: '2027-03-02T06:00' }],
  ['as needed, up to a number', { frequency: 'PRN', max_doses_per_day: 4, dose_units: 2 }],
  ['once, now', { frequency: 'STAT' }],
  ['three weeks on, one off', { frequency: 'daily', cycle: { days_on: 21, days_off: 7 }, times: ['08:00'] }],
  ['at bedtime', { frequency: 'at bedtime' }],
  ['before breakfast', { frequency: 'before breakfast' }],
  [
    'half a unit',
    { frequency: 'BID', dose_units: 0.5, medication_name: 'warfarin 5 mg tablet', critical: true },
  ],
];

/** A deployment that was asked for that schedule of one medication, and has made it. */
async function scheduled(schedule: JsonObject): Promise<TestEngine> {
  const { engine, submit } = createAccessBench();
  const kind = engine.kinds.get('medication-reminder');
  if (!kind) throw new Error('There is no medication-reminder.');
  const wishes = { time_zone: 'Europe/Berlin', meal_times: { breakfast: '07:30' } };
  await putPreferences(engine, PATIENT, { userId: USER }, wishes, requestAt(engine));
  const answer = await submit(kind, { user_id: USER, medication_id: 'm1', schedule });
  const [end] = await deliverAll(engine);
  expect([answer.status, answer.body.problems, end]).toEqual([202, undefined, expect.anything()]);
  return engine;
}

describe('a schedule', () => {
  it.each(SCHEDULES)('%s is a MedicationRequest', async (_what, schedule) => {
    const page = await wholeOf(await scheduled(schedule));
    expect(bundleFaults(page)).toEqual([]);
    expect(resourcesIn(page, 'MedicationRequest')).toHaveLength(1);
  });

  const instructionOf = async (schedule: JsonObject) => {
    const [order] = resourcesIn(await wholeOf(await scheduled(schedule)), 'MedicationRequest');
    return order?.['dosageInstruction'];
  };

  it('names its weekdays, whatever its frequency is called', async () => {
    for (const schedule of [
      { frequency: 'QD', weekdays: ['SA', 'SU'] },
      { frequency: 'sat,sun' },
      { frequency: 'twice a week', weekdays: ['SA', 'SU'] },
    ]) {
      const [dosage] = Object(await instructionOf({ ...schedule, times: ['09:30'] }));
      expect(dosage.text).toContain('on sat, sun at 09:30');
      expect(dosage.timing.repeat).toMatchObject({ dayOfWeek: ['sat', 'sun'], timeOfDay: ['09:30:00'] });
      // A code would say the whole of it, and so too much.
      expect(dosage.timing).not.toHaveProperty('code');
    }
  });

  it('has HL7’s code where it has one, and the instant from which hours count', async () => {
    expect(await instructionOf({ frequency: 'Q8H', anchor: '2027-03-02T06:00' })).toMatchObject([
      {
        text: 'Q8H from 2027-03-02T05:00:00.000Z',
        timing: { code: { coding: [{ code: 'Q8H' }] }, repeat: { frequency: 1, period: 8, periodUnit: 'h' } },
      },
    ]);
    const [other] = Object(await instructionOf({ frequency: 'Q12H', anchor: '2027-03-02T06:00' }));
    expect(other.timing.code).toEqual({ text: 'Q12H' });
  });

  it('with days off says so in words, and does not say that a dose is due on each day', async () => {
    const [dosage] = Object(
      await instructionOf({
        frequency: 'BID',
        cycle: { days_on: 21, days_off: 7 },
        times: ['08:00', '20:00'],
      }),
    );
    expect(dosage.text).toContain('for 21 days, then none for 7 days, in turn');
    expect(dosage.timing).toEqual({ repeat: { boundsPeriod: { start: '2027-03-01' } } });
  });

  it('as needed says so, and how many doses a day are the most', async () => {
    expect(await instructionOf({ frequency: 'PRN', max_doses_per_day: 4 })).toMatchObject([
      { asNeededBoolean: true, maxDosePerPeriod: { numerator: { value: 4 }, denominator: { code: 'd' } } },
    ]);
  });
});

it.each(['active', 'paused', 'stopped'] as const)(
  'a medication that is %s is a MedicationStatement',
  async (status) => {
    const engine = await scheduled({ frequency: 'BID' });
    const target = { userId: USER, medicationId: 'm1' };
    const facts = { rxcui: '36567', last_fill_date: '2027-02-20', max_doses_per_day: 3, status };
    await putMedication(engine, PATIENT, target, facts, requestAt(engine));
    const page = await wholeOf(engine);
    expect(bundleFaults(page)).toEqual([]);
    const now = { active: 'active', paused: 'on-hold', stopped: 'stopped' }[status];
    expect(resourcesIn(page, 'MedicationStatement')).toMatchObject([{ status: now }]);
    expect(resourcesIn(page, 'MedicationDispense')).toHaveLength(1);
  },
);

it.each(STATUSES)('a job that is %s is a Task', async (status) => {
  const bench = new RightsBench();
  const { check } = await bench.fill();
  bench.engine.db.putRow({ ...check, status, errorCode: 'worker_died' });
  const page = await wholeOf(bench.engine);
  expect(bundleFaults(page)).toEqual([]);
  expect(resourcesIn(page, 'Task').map(({ id }) => id)).toContain(check.jobId);
});

describe('a whole copy', () => {
  /** Everything that a user can have, with a dose in each of its states. */
  async function filled(): Promise<RightsBench> {
    const bench = new RightsBench();
    await bench.fill();
    await bench.trust();
    await bench.ran('refill-check', { user_id: USER, medication_id: 'm1', current_supply: 12 });
    for (const [day, status] of REMINDER_STATES.entries()) write(bench, doseOn(bench, day + 1, status));
    const line = { acceptedAt: '2026-11-22T00:00:00.000Z' };
    const problems = [{ pointer: '/schedule', code: 'required', detail: 'It is missing.' }];
    write(bench, {
      type: 'import-line',
      id: '01HZZZZZZZZZZZZZZZZZZZZZZZ#1',
      state: line,
      body: { problems },
    });
    return bench;
  }

  it('has each thing once, on pages that are Bundles of their own', async () => {
    const bench = await filled();
    const whole = await wholeOf(bench.engine);
    expect(bundleFaults(whole)).toEqual([]);
    expect(new Set(whole.entry.map(({ resource }) => resource.resourceType))).toEqual(
      new Set([
        'Patient',
        'MedicationStatement',
        'MedicationRequest',
        'MedicationAdministration',
        'Task',
        'DocumentReference',
      ]),
    );
    for (const limit of [1, 2, 5]) {
      const pages = await pagesOf(bench.engine, limit);
      for (const page of pages) expect(bundleFaults(page)).toEqual([]);
      const urls = pages.flatMap((page) => page.entry.slice(1).map(({ fullUrl }) => fullUrl));
      expect(urls.toSorted()).toEqual(
        whole.entry
          .slice(1)
          .map(({ fullUrl }) => fullUrl)
          .toSorted(),
      );
    }
  });

  it('leads from a dose to its schedule where that is at hand, and names it elsewhere', async () => {
    const bench = await filled();
    const ordersIn = (page: Page) =>
      resourcesIn(page, 'MedicationAdministration').map(({ request }) => Object(request));
    for (const order of ordersIn(await wholeOf(bench.engine))) expect(order).toHaveProperty('reference');
    const apart = (await pagesOf(bench.engine, 1)).flatMap(ordersIn);
    expect(apart).toHaveLength(REMINDER_STATES.length);
    const [schedule] = resourcesIn(await wholeOf(bench.engine), 'MedicationRequest');
    for (const order of apart) {
      expect(order).not.toHaveProperty('reference');
      expect(schedule?.['identifier']).toContainEqual(order.identifier);
    }
  });

  it('shares no address with that of another patient', async () => {
    const [mine, theirs] = [new RightsBench(), new RightsBench()];
    await mine.trust();
    await theirs.trust('user-2');
    const of = await wholeOf(mine.engine);
    const other = await wholeOf(theirs.engine, 'user-2');
    const urls = new Set(of.entry.map(({ fullUrl }) => fullUrl));
    expect(other.entry.length).toBe(of.entry.length);
    expect(other.entry.filter(({ fullUrl }) => urls.has(fullUrl))).toEqual([]);
  });
});

type Dose = RecordShapes['occurrence'];

const doseOn = (
  bench: RightsBench,
  day: number,
  status: Dose['state']['status'],
  body: Partial<Dose['body']> = {},
) => {
  const date = `2026-11-${String(day).padStart(2, '0')}`;
  return {
    type: 'occurrence' as const,
    id: `${date}_0800_${bench.engine.refs.medication(USER, 'm1')}`,
    state: {
      status,
      dueAt: `${date}T08:00:00.000Z`,
      scheduleRevision: 1,
      reason: status === 'not_sent' ? 'superseded' : null,
    },
    body: {
      userId: USER,
      medicationId: 'm1',
      localTime: `${date}T08:00:00+00:00`,
      timeZone: 'UTC',
      slots: ['08:00'],
      ...body,
    },
  };
};

type Write = Parameters<RightsBench['engine']['db']['applyWrites']>[0][number];
/** A record as it may stand: whoever wrote it. */
const write = (bench: RightsBench, record: object): void =>
  bench.engine.db.applyWrites([{ owner: bench.owner, expect: 'any', ...record } as Write]);

const text = fc.oneof(
  fc.constantFrom('warfarin', ' half  a tablet ', 'Zürich 5 µg', '<b>"x"</b>'),
  fc.string({ minLength: 1, maxLength: 40 }).filter((one) => /\S/.test(one)),
);
const date = fc
  .integer({ min: 0, max: 4_000 })
  .map((days) => new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10));
const CODES = vocabulary.gts_abbreviation.map(({ code }) => code);
const weekdays = fc.subarray([1, 2, 3, 4, 5, 6, 7], { minLength: 1 });

const medication: fc.Arbitrary<MedicationBody> = fc.record(
  {
    userId: fc.constant(USER),
    medicationId: fc.constant('m1'),
    name: text,
    rxcui: fc.integer({ min: 1, max: 99_999_999 }).map(String),
    doseUnits: fc.integer({ min: 1, max: 10_000_000 }).map((thousandths) => thousandths / 1_000),
    lastFillDate: date,
    daysSupply: fc.integer({ min: 1, max: 3_660 }),
    maxDosesPerDay: fc.integer({ min: 1, max: 100 }),
  },
  { requiredKeys: ['userId', 'medicationId'] },
);

const schedule: fc.Arbitrary<ScheduleBody> = fc.record(
  {
    userId: fc.constant(USER),
    medicationId: fc.constant('m1'),
    frequency: fc.constantFrom(...CODES, 'WEEKDAYS', 'Q36H', 'CYCLE', '5XD', 'Q3MO'),
    times: fc.subarray(['00:00', '08:00', '12:30', '23:59']),
    intervalHours: fc.integer({ min: 1, max: 168 }),
    timeZone: fc.constantFrom('Etc/UTC', 'America/New_York'),
    startDate: fc.constant('2026-11-23'),
    endDate: date.filter((day) => day >= '2026-11-23'),
    weekdays,
    cycle: fc.record({ daysOn: fc.integer({ min: 1, max: 366 }), daysOff: fc.integer({ min: 1, max: 366 }) }),
    medicationName: text,
    doseUnits: fc.constantFrom(0.001, 0.5, 1, 10_000),
    maxDosesPerDay: fc.integer({ min: 1, max: 24 }),
    tzdataVersion: fc.constant('2026a'),
  },
  {
    requiredKeys: ['userId', 'medicationId', 'frequency', 'times', 'timeZone', 'startDate', 'tzdataVersion'],
  },
);

it('whatever stands of a medication, its schedule and a dose, is FHIR', async () => {
  await fc.assert(
    fc.asyncProperty(
      medication,
      schedule,
      fc.constantFrom('active', 'paused', 'stopped'),
      fc.constantFrom(...REMINDER_STATES),
      fc.option(text),
      async (ofMedication, ofSchedule, status, dose, reasonText) => {
        const bench = new RightsBench();
        const id = bench.engine.refs.medication(USER, 'm1');
        write(bench, { type: 'medication', id, state: { status }, body: ofMedication });
        const state = {
          status: status === 'stopped' ? 'stopped' : 'active',
          nextDueAt: null,
          acceptedAt: '2026-11-23T00:00:00.000Z',
          revision: 1,
        };
        write(bench, { type: 'schedule', id, state, body: ofSchedule });
        const skipped = reasonText === null ? {} : { reasonCode: 'felt_unwell', reasonText };
        write(bench, doseOn(bench, 23, dose, skipped));
        const page = await wholeOf(bench.engine);
        expect(bundleFaults(page)).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
