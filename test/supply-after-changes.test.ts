import { beforeEach, describe, expect, it } from 'vitest';
import { process as remind } from '#shared/jobs/medication-reminder/process.ts';
import { factKeys, rules } from '#shared/jobs/medication-reminder/rules.ts';
import type { MedicationReminder } from '#shared/jobs/medication-reminder/schema.ts';
import { process as check } from '#shared/jobs/refill-check/process.ts';
import { process as update } from '#shared/jobs/schedule-update/process.ts';
import { process as monitor } from '#shared/jobs/supply-monitor/process.ts';
import type { MedicationWishes } from '#shared/operations/bodies/medication.ts';
import { putMedication } from '#shared/operations/put-medication.ts';
import { stopMedication } from '#shared/operations/stop-medication.ts';
import { KindBench } from '#test/builders/kind-bench.ts';
import { PATIENT } from '#test/builders/records-bench.ts';
import { createInMemorySchedules } from '#test/fakes/in-memory-store.ts';
import { createCountingRandom } from '#test/fakes/quiet.ts';

const TARGET = { userId: 'p1', medicationId: 'm1' };
const ZONE = { time_zone: 'America/New_York' };
/** Half past one in New York: of four doses a day the third and the fourth are still to come. */
const march = (day: number) => `2026-03-${String(day).padStart(2, '0')}T18:30:00.000Z`;

let bench: KindBench;
beforeEach(() => {
  bench = new KindBench(march(1));
});

/** Accepts and runs one reminder job, as the engine would. */
async function schedule(terms: Partial<MedicationReminder['schedule']>, zone: { time_zone?: string } = ZONE) {
  const payload: MedicationReminder = {
    user_id: 'p1',
    medication_id: 'm1',
    schedule: { frequency: 'QID', ...zone, ...terms },
  };
  const records = await bench.world().records.readMany(factKeys(payload, bench.refs));
  const ruling = rules(payload, { now: bench.now, records });
  if (!ruling.ok) throw new Error('The rules refused the schedule.');
  bench.commit(await remind(bench.job(ruling.payload), bench.world()));
}

const count = async (current_supply: number) => {
  const payload = { user_id: 'p1', medication_id: 'm1', current_supply };
  bench.commit(await check(bench.job(payload, { jobId: `01${bench.now}` }), bench.world()));
};

async function look() {
  const payload = { user_id: 'p1', medications: ['m1'] };
  const done = bench.commit(await monitor(bench.job(payload), bench.world()));
  const found = done.end === 'succeeded' ? done.result['medications'] : undefined;
  return {
    outcome: Array.isArray(found) ? found[0] : undefined,
    children: 'children' in done && done.children,
  };
}
const onHand = async () => (await look()).outcome?.units_on_hand;

const operations = () => ({
  schedules: createInMemorySchedules(bench.db),
  refs: bench.refs,
  random: createCountingRandom(),
});
const request = () => ({ correlationId: 'c-1', receivedAt: bench.now });
const stop = () => stopMedication(operations(), PATIENT, TARGET, request());
const put = (wishes: MedicationWishes) => putMedication(operations(), PATIENT, TARGET, wishes, request());

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
    bench = new KindBench(march(1));
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
