import { beforeEach, describe, expect, it } from 'vitest';
import type { MedicationReminder } from '#shared/jobs/medication-reminder/schema.ts';
import { process as update } from '#shared/jobs/schedule-update/process.ts';
import type { MedicationWishes } from '#shared/operations/bodies/medication.ts';
import { SupplyBench } from '#test/builders/supply-bench.ts';

/** Half past one in New York: of four doses a day the third and the fourth are still to come. */
const march = (day: number) => `2026-03-${String(day).padStart(2, '0')}T18:30:00.000Z`;

let bench: SupplyBench;
beforeEach(() => {
  bench = new SupplyBench(march(1));
});

const schedule = (...terms: Parameters<SupplyBench['schedule']>) => bench.schedule(...terms);
const count = (units: number) => bench.count(units);
const look = () => bench.look();
const onHand = () => bench.onHand();
const stop = () => bench.stop();
const put = (wishes: MedicationWishes) => bench.put(wishes);

/** Four a day, 60 counted, looked at eight days later. */
async function eightDaysOfFour(more: Partial<MedicationReminder['schedule']> = {}) {
  await schedule(more);
  await count(60);
  bench.now = march(9);
}

describe('after a change a box holds no more than before', () => {
  it('when the frequency is another one, and nobody is told that there is enough', async () => {
    await eightDaysOfFour();
    expect((await look()).outcome).toMatchObject({ units_on_hand: 28, urgency: 'now' });
    expect(bench.publisher.supply).toHaveLength(1);
    await schedule({ frequency: 'TID' });
    const { outcome, children } = await look();
    // Nine days: sooner or later, but never the 59 units of a full box and `ok`.
    expect(outcome).toMatchObject({ units_on_hand: 28, urgency: 'soon' });
    expect(children).toMatchObject([
      { kind: 'refill-check', payload: { current_supply: 28, supply_source: 'estimated' } },
    ]);
    expect(bench.publisher.supply).toHaveLength(2);
    bench.now = march(10);
    expect(await onHand()).toBe(25);
  });

  it('when it is stopped and begins again with the same schedule', async () => {
    await eightDaysOfFour();
    await stop();
    bench.now = march(12);
    await schedule({});
    expect(await onHand()).toBe(28);
    bench.now = march(13);
    expect(await onHand()).toBe(24);
  });

  it('when it is stopped and made active by its facts', async () => {
    await eightDaysOfFour();
    await put({ name: 'lisinopril', status: 'stopped' });
    bench.now = march(12);
    await put({ name: 'lisinopril', status: 'active', max_doses_per_day: 2 });
    bench.now = march(14);
    // Stopped for three days, then two days as needed.
    expect(await onHand()).toBe(24);
    await schedule({});
    expect(await onHand()).toBe(24);
  });

  it('when a dose has other units, in the schedule or in the facts', async () => {
    await eightDaysOfFour({ dose_units: 1 });
    await schedule({ dose_units: 0.5 });
    expect(await onHand()).toBe(28);
    bench = new SupplyBench(march(1));
    await put({ name: 'lisinopril', dose_units: 1 });
    await eightDaysOfFour();
    const entered = () => [...bench.db.buckets.values()].flat().length;
    const before = entered();
    await put({ name: 'lisinopril', dose_units: 0.5 });
    // Its next dose is where it was: only who may add due entries does so.
    expect(entered()).toBe(before);
    expect(await onHand()).toBe(28);
    bench.now = march(10);
    expect(await onHand()).toBe(26);
  });

  it('when the units of a dose become known, and are then others', async () => {
    await eightDaysOfFour();
    await put({ name: 'lisinopril', dose_units: 1 });
    await put({ name: 'lisinopril', dose_units: 2 });
    expect(await onHand()).toBe(28);
    bench.now = march(10);
    expect(await onHand()).toBe(20);
  });

  it('when the zone is another one, by itself or by a new schedule', async () => {
    await schedule({});
    await count(60);
    bench.now = march(9);
    await schedule({ time_zone: 'Asia/Tokyo' });
    expect(await onHand()).toBe(28);
    bench.now = march(10);
    expect(await onHand()).toBe(24);
  });

  it('when the schedule follows its user, and is then replaced', async () => {
    const owner = bench.refs.user('p1');
    const home = (timeZone: string) => {
      const body = { userId: 'p1', timeZone };
      bench.write({ type: 'user', owner, id: '', expect: 'any', state: {}, body });
    };
    home('America/New_York');
    await schedule({}, {});
    await count(60);
    bench.now = march(5);
    home('America/Los_Angeles');
    const job = bench.job({ user_id: 'p1', reason: 'zone' as const });
    bench.commit(await update(job, bench.world()));
    bench.now = march(9);
    // Sixteen doses in New York, and as many in Los Angeles, where the noon of the 5th came once more.
    expect(await onHand()).toBe(28);
    await schedule({ frequency: 'daily' }, {});
    expect(await onHand()).toBe(28);
  });

  it('until somebody counts again; what was before is forgotten with the next change', async () => {
    await eightDaysOfFour();
    await schedule({ frequency: 'daily' });
    await count(90);
    bench.now = march(10);
    expect(await onHand()).toBe(89);
    await schedule({ frequency: 'BID' });
    const [record] = bench.all('schedule');
    expect(record?.body.earlierUse?.stretches).toHaveLength(1);
    expect(await onHand()).toBe(89);
  });

  it('when its facts stay what they were the schedule’s record is left alone', async () => {
    await eightDaysOfFour();
    const [before] = bench.all('schedule');
    await put({ name: 'lisinopril', refills_left: 2 });
    expect(bench.all('schedule')).toEqual([before]);
  });
});

describe('an import changes what is used from then on', () => {
  it('also the units of a dose that only the medication names', async () => {
    await put({ dose_units: 1 });
    await eightDaysOfFour();
    await bench.importLine({ dose_units: 0.5 });
    expect(await onHand()).toBe(28);
    bench.now = march(10);
    expect(await onHand()).toBe(26);
  });

  it('also with the same schedule, again and again', async () => {
    await put({ dose_units: 1 });
    await eightDaysOfFour();
    for (const dose_units of [0.5, 3, 0.25]) await bench.importLine({ dose_units });
    expect(await onHand()).toBe(28);
  });

  it.each([{}, { status: 'active' }, { status: 'paused' }])(
    'and nothing was used while it was stopped, whatever the most doses of a day are: %o',
    async (stated) => {
      await put({ max_doses_per_day: 6 });
      await eightDaysOfFour();
      await stop();
      bench.now = march(12);
      await bench.importLine({ max_doses_per_day: 8, ...stated });
      if ('status' in stated && stated.status === 'paused') await put({ status: 'active' });
      expect(await onHand()).toBe(28);
      bench.now = march(13);
      expect(await onHand()).toBe(24);
    },
  );

  it('and counts the day of a change of as needed doses once', async () => {
    await schedule({ frequency: 'PRN', max_doses_per_day: 4 });
    await count(60);
    bench.now = '2026-03-02T20:00:00.000Z';
    expect(await onHand()).toBe(52);
    await bench.importLine({ dose_units: 0.5 }, { frequency: 'PRN', max_doses_per_day: 3 });
    expect(await onHand()).toBe(52);
  });
});

describe('before the first schedule', () => {
  const eightDaysAsNeeded = async () => {
    await put({ max_doses_per_day: 4 });
    await count(60);
    bench.now = march(9);
    expect(await onHand()).toBe(28);
  };

  it('other most doses of a day, or units, hold from then on', async () => {
    await eightDaysAsNeeded();
    await put({ max_doses_per_day: 2 });
    expect(await onHand()).toBe(28);
    bench.now = march(10);
    expect(await onHand()).toBe(26);
    await put({ max_doses_per_day: 2, dose_units: 0.5 });
    expect(await onHand()).toBe(26);
    bench.now = march(11);
    expect(await onHand()).toBe(25);
  });

  it('the time in which it was stopped does not count', async () => {
    await eightDaysAsNeeded();
    await stop();
    bench.now = march(12);
    await put({ max_doses_per_day: 2, status: 'active' });
    expect(await onHand()).toBe(28);
    bench.now = march(13);
    expect(await onHand()).toBe(26);
  });

  it('a most that is forgotten and stated again leaves no gap', async () => {
    await eightDaysAsNeeded();
    await put({});
    bench.now = march(11);
    await put({ max_doses_per_day: 3 });
    expect(await onHand()).toBe(22);
    await put({ max_doses_per_day: 1 });
    expect(await onHand()).toBe(22);
  });

  it('a most that is stated for the first time holds from the beginning', async () => {
    await put({});
    await count(60);
    bench.now = march(3);
    await put({ max_doses_per_day: 4 });
    expect(await onHand()).toBe(52);
  });

  it('what was used is kept by the first schedule, of a job or an import', async () => {
    for (const begin of [() => schedule({}), () => bench.importLine({ max_doses_per_day: 1 })]) {
      bench = new SupplyBench(march(1));
      await eightDaysAsNeeded();
      await put({ max_doses_per_day: 2 });
      bench.now = march(10);
      await begin();
      expect(await onHand()).toBe(26);
      bench.now = march(11);
      expect(await onHand()).toBe(22);
    }
  });

  it('a count begins anew, and changes on its day count no day twice', async () => {
    await eightDaysAsNeeded();
    await put({ max_doses_per_day: 2 });
    await count(10);
    bench.now = march(10);
    expect(await onHand()).toBe(8);
    await count(10);
    bench.now = '2026-03-10T20:00:00.000Z';
    for (const max_doses_per_day of [1, 2, 1]) await put({ max_doses_per_day });
    expect(await onHand()).toBe(8);
    bench.now = march(11);
    expect(await onHand()).toBe(8);
    bench.now = '2026-03-11T20:00:00.000Z';
    expect(await onHand()).toBe(7);
  });
});

it('units that nobody stated are not made less than one by a later statement', async () => {
  await eightDaysOfFour();
  await schedule({ dose_units: 0.5 });
  expect(await onHand()).toBe(28);
  await put({ dose_units: 0.25 });
  expect(await onHand()).toBe(28);
});

it('what was stated while it was stopped is not changed by what is stated next', async () => {
  await eightDaysOfFour();
  await stop();
  await put({ dose_units: 1 });
  await put({ dose_units: 2 });
  await schedule({});
  expect(await onHand()).toBe(28);
});
