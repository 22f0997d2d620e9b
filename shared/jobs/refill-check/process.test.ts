import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import type { Facts } from '../define-job-kind.ts';
import { type MedicationBody, type MedicationStatus, SUPPLY_DEFAULTS } from '../ports.ts';
import { process } from './process.ts';
import { factKeys, rules } from './rules.ts';
import type { RefillCheck } from './schema.ts';

/** Noon of 2 March in New York. */
const NOON = '2026-03-02T17:00:00.000Z';
const PAYLOAD: RefillCheck = { user_id: 'p1', medication_id: 'm1', current_supply: 5 };

const FILLED = {
  name: 'lisinopril 10 mg tablet',
  doseUnits: 1,
  lastFillDate: '2026-02-20',
  daysSupply: 30,
  refillsLeft: 2,
};

interface Stock {
  readonly medication?: MedicationStatus;
  readonly schedule?: 'active' | 'stopped' | 'none';
  readonly facts?: Partial<MedicationBody>;
}

function stocked({ medication = 'active', schedule = 'active', facts = {} }: Stock = {}) {
  const bench = new KindBench(NOON);
  const owner = bench.refs.user('p1');
  const id = bench.refs.medication('p1', 'm1');
  const ids = { userId: 'p1', medicationId: 'm1' };
  const body = { ...ids, ...facts };
  bench.write({ type: 'medication', owner, id, expect: 'absent', state: { status: medication }, body });
  if (schedule === 'none') return bench;
  bench.write({
    type: 'schedule',
    owner,
    id,
    expect: 'absent',
    state: { status: schedule, nextDueAt: null, acceptedAt: '2026-03-01T00:00:00.000Z', revision: 1 },
    body: {
      ...ids,
      frequency: 'BID',
      times: ['08:00', '20:00'],
      timeZone: 'America/New_York',
      startDate: '2026-03-01',
      tzdataVersion: 't',
    },
  });
  return bench;
}

const factsOf = async (bench: KindBench): Promise<Facts> => ({
  now: bench.now,
  records: await bench.world().records.readMany(factKeys(PAYLOAD, bench.refs)),
});
it('quantities that cannot be computed with are said at once, and nothing is tried again', async () => {
  const facts = { doseUnits: 1e-7, maxDosesPerDay: 1 };
  for (const doseUnits of [1e-7, 0.001]) {
    const bench = stocked({ schedule: 'none', facts: { ...facts, doseUnits } });
    bench.settings = { defaultTimeZone: 'Asia/Tokyo' };
    await expect(
      process(bench.job({ ...PAYLOAD, current_supply: 1_000_000 }), bench.world()),
    ).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'not_computable',
      message: expect.stringContaining('current_supply'),
    });
  }
  expect((await check(stocked({ facts }))).result).toBeDefined();
});

const check = async (bench: KindBench, set: Partial<RefillCheck> = {}, jobId = '01JOB') => {
  const done = bench.commit(await process(bench.job({ ...PAYLOAD, ...set }, { jobId }), bench.world()));
  if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
  return done;
};

describe('a refill check', () => {
  it('answers days, dates, urgency, reasons and what it assumed', async () => {
    const { facts, result, summary } = await check(stocked({ facts: FILLED }));
    expect(result).toEqual({
      medication_id: 'm1',
      as_of: NOON,
      time_zone: 'America/New_York',
      today: '2026-03-02',
      current_supply: 5,
      units_per_dose: 1,
      days_of_supply: 2,
      last_covered_date: '2026-03-04',
      first_uncovered_date: '2026-03-05',
      refill_eligible_date: '2026-03-16',
      order_by_date: '2026-02-26',
      urgency: 'now',
      reasons: [
        { member: 'refill_eligible_date', code: 'not_a_controlled_substance' },
        { member: 'urgency', code: 'order_by_date_has_come' },
      ],
      assumptions: [
        'doses_due_earlier_today_were_taken',
        'order_takes_5_days_with_2_days_in_hand',
        'refill_is_not_too_soon_after_0.8_of_the_days_supplied',
      ],
    });
    expect(summary).toBe('now, 2 days');
    expect(facts).toEqual({ urgency: 'now' });
  });

  it('names the facts that are missing instead of assuming them', async () => {
    const { result } = await check(stocked());
    expect(result).toMatchObject({
      refill_eligible_date: null,
      reasons: [
        { member: 'refill_eligible_date', code: 'last_fill_date_missing' },
        { member: 'refill_eligible_date', code: 'days_supply_missing' },
        { member: 'refill_eligible_date', code: 'refills_left_missing' },
        { member: 'refill_eligible_date', code: 'dea_schedule_not_known' },
        { member: 'urgency' },
      ],
    });
    expect(result['assumptions']).toContain('units_per_dose_is_1');
  });

  it('goes by what the deployer said', async () => {
    const bench = stocked({ facts: FILLED });
    bench.settings = {
      supply: {
        ...SUPPLY_DEFAULTS,
        refillThreshold: 0.9,
        leadTimeDays: 1,
        safetyDays: 0,
        closedWeekdays: ['WE'],
      },
    };
    expect((await check(bench)).result).toMatchObject({
      refill_eligible_date: '2026-03-19',
      // 4 March is a Wednesday.
      order_by_date: '2026-03-03',
      urgency: 'soon',
    });
  });

  it('counts doses as needed in the user’s zone, else in the deployment’s', async () => {
    const bench = stocked({ schedule: 'none', facts: { maxDosesPerDay: 2 } });
    expect((await check(bench, {}, '01A')).result).toMatchObject({ time_zone: null, urgency: null });
    bench.settings = { defaultTimeZone: 'Asia/Tokyo' };
    expect((await check(bench, {}, '01B')).result).toMatchObject({
      time_zone: 'Asia/Tokyo',
      today: '2026-03-03',
      first_uncovered_date: '2026-03-05',
    });
    const owner = bench.refs.user('p1');
    const body = { userId: 'p1', timeZone: 'America/New_York' };
    bench.write({ type: 'user', owner, id: '', expect: 'absent', state: {}, body });
    expect((await check(bench, {}, '01C')).result).toMatchObject({ today: '2026-03-02' });
  });

  it('without a schedule says that it does not know', async () => {
    const bench = stocked({ schedule: 'stopped' });
    bench.settings = { defaultTimeZone: 'Asia/Tokyo' };
    const { facts, result, summary } = await check(bench);
    expect(result).toMatchObject({ days_of_supply: null, first_uncovered_date: null, urgency: null });
    expect(result['reasons']).toContainEqual({ member: 'first_uncovered_date', code: 'no_schedule' });
    expect(summary).toBe('urgency not known, days not known');
    expect(facts).toEqual({ urgency: 'not_known' });
  });

  it('of a paused medication says that it counts as if doses went on', async () => {
    const { result } = await check(stocked({ medication: 'paused' }));
    expect(result['assumptions']).toContain('doses_go_on_although_the_medication_is_paused');
  });

  it('keeps every snapshot and remembers the newest count', async () => {
    const bench = stocked();
    await check(bench, {}, '01A');
    bench.now = '2026-03-03T17:00:00.000Z';
    await check(bench, { current_supply: 60 }, '01B');
    expect(bench.all('snapshot').map(({ body }) => body.supplyUnits)).toEqual([5, 60]);
    expect(bench.all('medication')[0]?.body.lastSnapshot).toMatchObject({
      supplyUnits: 60,
      takenAt: bench.now,
    });
  });

  it('does not let an older count that runs late replace a newer one', async () => {
    const bench = stocked();
    await check(bench, { current_supply: 60 }, '01B');
    const late = bench.job(
      { ...PAYLOAD, current_supply: 1 },
      { jobId: '01A', createdAt: '2026-03-01T00:00:00.000Z' },
    );
    bench.commit(await process(late, bench.world()));
    expect(bench.all('medication')[0]?.body.lastSnapshot?.supplyUnits).toBe(60);
    expect(bench.all('snapshot')).toHaveLength(2);
  });

  it('never remembers a computed supply as a count', async () => {
    const bench = stocked();
    const { result } = await check(bench, { supply_source: 'estimated' });
    expect(result['assumptions']).toContain('supply_computed_from_schedule');
    expect(bench.all('snapshot')).toHaveLength(1);
    expect(bench.all('medication')[0]?.body.lastSnapshot).toBeUndefined();
  });

  it('fails for good when the medication was stopped meanwhile', async () => {
    await expect(check(stocked({ medication: 'stopped' }))).rejects.toMatchObject({
      code: 'medication_not_found',
    });
  });
});

describe('its rules', () => {
  it.each<Stock>([{}, { medication: 'paused' }, { schedule: 'none' }, { schedule: 'stopped' }])(
    'accept a medication that stands: %j',
    async (stock) => {
      expect(rules(PAYLOAD, await factsOf(stocked(stock)))).toEqual({ ok: true, payload: PAYLOAD });
    },
  );

  it('do not find a stopped or unknown medication', async () => {
    const notFound = { ok: false, notFound: 'medication_not_found' };
    expect(rules(PAYLOAD, await factsOf(stocked({ medication: 'stopped' })))).toEqual(notFound);
    expect(rules(PAYLOAD, await factsOf(new KindBench(NOON)))).toEqual(notFound);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuse a supply of %d', async (current_supply) => {
    expect(rules({ ...PAYLOAD, current_supply }, await factsOf(stocked()))).toMatchObject({
      problems: [{ pointer: '/current_supply', code: 'supply_not_valid' }],
    });
  });

  it('refuse a member that only the service sets', async () => {
    expect(rules({ ...PAYLOAD, supply_source: 'estimated' }, await factsOf(stocked()))).toMatchObject({
      problems: [{ pointer: '/supply_source', code: 'read_only' }],
    });
  });
});
