import { beforeEach, describe, expect, it } from 'vitest';
import { CAREGIVER, DUE, EXPIRES, PATIENT, problemOf, RecordsBench } from '#test/builders/records-bench.ts';
import type { Caller } from '../evidence/caller.ts';
import { acknowledgeReminder } from './acknowledge-reminder.ts';
import { advanceDue } from './advance-due.ts';
import type { AcknowledgementBody } from './bodies/acknowledgement.ts';

const NOW = '2027-03-01T13:20:00.000Z';
const LATER = '2027-03-03T09:00:00.000Z';
const SKIPPED: AcknowledgementBody = { status: 'skipped', reason: { code: 'felt_unwell', text: 'nausea' } };

let bench: RecordsBench;
beforeEach(() => {
  bench = new RecordsBench();
});

const answer = (id: string, body: AcknowledgementBody, now = NOW, caller: Caller = PATIENT) =>
  acknowledgeReminder(bench, caller, { userId: 'p1', reminderId: id }, body, bench.at(now));
const stored = async (id: string) => (await bench.read('occurrence', id))?.state;

describe('an answer', () => {
  it('taken is recorded with when, by whom and an audit entry', async () => {
    const id = bench.occurrence();
    const at = '2027-03-01T13:10:00.000Z';
    expect(await answer(id, { status: 'taken', at })).toMatchObject({
      reminder_id: id,
      status: 'taken',
      acknowledgement: { status: 'taken', at, recorded_at: NOW, by_role: 'patient' },
    });
    expect(await stored(id)).toMatchObject({
      status: 'taken',
      acknowledgement: { by: { ref: bench.refs.actor('p1'), role: 'patient' } },
    });
    expect(bench.trail()).toMatchObject([
      { action: 'reminder.taken', details: { reminder_id: id, from: 'published', at } },
    ]);
  });

  it('counts as of now when it does not say when', async () => {
    const id = bench.occurrence();
    expect(await answer(id, { status: 'taken' })).toMatchObject({ acknowledgement: { at: NOW } });
  });

  it('skipped keeps the reason, code and text, in the sealed body only: neither in the clear nor in the trail', async () => {
    const id = bench.occurrence();
    expect(await answer(id, SKIPPED)).toMatchObject({
      status: 'skipped',
      acknowledgement: { reason: { code: 'felt_unwell', text: 'nausea' } },
    });
    const record = await bench.read('occurrence', id);
    for (const word of ['nausea', 'felt_unwell']) {
      expect(JSON.stringify(record?.state)).not.toContain(word);
      expect(JSON.stringify(bench.trail())).not.toContain(word);
    }
    expect(record?.body).toMatchObject({ reasonCode: 'felt_unwell', reasonText: 'nausea' });
    await answer(id, { status: 'taken' }, LATER);
    expect((await bench.read('occurrence', id))?.body).not.toHaveProperty('reasonCode');
  });

  it('snoozed says until when, and taking the dose ends the snooze', async () => {
    bench.medication();
    const id = bench.occurrence();
    const until = '2027-03-01T14:00:00.000Z';
    expect(await answer(id, { status: 'snoozed', snooze_until: until })).toMatchObject({
      status: 'snoozed',
      snoozed_until: until,
    });
    await answer(id, { status: 'taken' }, '2027-03-01T14:01:00.000Z');
    expect(await stored(id)).not.toHaveProperty('snoozedUntil');
  });

  it.each<[string, () => void]>([
    ['paused', () => bench.medication('m1', 'paused')],
    ['stopped', () => bench.medication('m1', 'stopped', { status: 'stopped' })],
    ['replaced', () => bench.medication('m1', 'active', { revision: 2 })],
    ['over', () => bench.medication('m1', 'active', { status: 'stopped' })],
  ])('snoozed is refused where nothing would be told again: %s', async (_, setUp) => {
    setUp();
    const id = bench.occurrence();
    const body: AcknowledgementBody = { status: 'snoozed', snooze_until: '2027-03-01T14:00:00.000Z' };
    expect((await problemOf(answer(id, body))).code).toBe('state_conflict');
    expect(await answer(id, { status: 'taken' })).toMatchObject({ status: 'taken' });
  });

  it('snoozed is taken when the same schedule was only sent once more', async () => {
    bench.medication('m1', 'active', { revision: 3, sameSince: 1 });
    const id = bench.occurrence();
    const body: AcknowledgementBody = { status: 'snoozed', snooze_until: '2027-03-01T14:00:00.000Z' };
    expect(await answer(id, body)).toMatchObject({ status: 'snoozed' });
  });

  it.each(['scheduled', 'sending', 'delivered', 'undelivered', 'needs_confirmation', 'not_sent'] as const)(
    'taken is accepted of a dose that is %s',
    async (status) => {
      const id = bench.occurrence({ status });
      expect(await answer(id, { status: 'taken' })).toMatchObject({ status: 'taken' });
    },
  );

  it('that comes late belongs to its own slot', async () => {
    const id = bench.occurrence();
    const next = bench.occurrence({}, `2027-03-02_0800_${bench.medicationRef()}`);
    expect(await answer(id, { status: 'taken' }, LATER)).toMatchObject({ status: 'taken' });
    expect(await stored(next)).toMatchObject({ status: 'published' });
    expect(await stored(next)).not.toHaveProperty('acknowledgement');
  });
});

describe('the same answer once more', () => {
  it.each<[string, AcknowledgementBody]>([
    ['taken', { status: 'taken', at: '2027-03-01T13:10:00.000Z' }],
    ['skipped', SKIPPED],
    ['snoozed', { status: 'snoozed', snooze_until: '2027-03-01T14:00:00.000Z' }],
  ])('%s is answered alike and changes nothing', async (_, body) => {
    bench.medication();
    const id = bench.occurrence();
    const first = await answer(id, body);
    expect(await answer(id, body, '2027-03-01T13:21:00.000Z')).toEqual(first);
    expect(bench.trail()).toMatchObject([
      { action: `reminder.${body.status}` },
      { action: 'reminders.read', details: { reminder_id: id, repeated: true } },
    ]);
  });

  it('taken by somebody else is no second word, and a look that the trail knows', async () => {
    const id = bench.occurrence();
    const first = await answer(id, { status: 'taken' });
    expect(await answer(id, { status: 'taken' }, LATER, CAREGIVER)).toEqual(first);
    expect([...bench.db.audit.values()].at(-1)).toMatchObject({
      action: 'reminders.read',
      actor: { role: 'caregiver' },
    });
  });
});

describe('another answer', () => {
  it.each<[string, AcknowledgementBody]>([
    ['skipped', SKIPPED],
    ['snoozed', { status: 'snoozed', snooze_until: '2027-03-01T14:00:00.000Z' }],
    ['taken at another time', { status: 'taken', at: DUE }],
  ])('after taken is refused: %s', async (_, body) => {
    const id = bench.occurrence();
    await answer(id, { status: 'taken' });
    const problem = await problemOf(answer(id, body));
    expect(problem).toMatchObject({ code: 'state_conflict', problems: [{ pointer: '/status' }] });
    expect(problem.message).toContain('The reminder is taken. No further answer is possible.');
    expect(await stored(id)).toMatchObject({ status: 'taken' });
  });

  it('is a correction when the same person says so, and leaves its trace', async () => {
    const id = bench.occurrence();
    await answer(id, { status: 'taken' });
    expect(await answer(id, { ...SKIPPED, correction: true })).toMatchObject({ status: 'skipped' });
    expect(bench.trail().at(-1)).toMatchObject({
      action: 'reminder.skipped',
      details: { from: 'taken', correction: true },
    });
  });

  it('corrects the time of a dose that was taken', async () => {
    const id = bench.occurrence();
    await answer(id, { status: 'taken' });
    const body = { status: 'taken', at: DUE, correction: true } as const;
    expect(await answer(id, body)).toMatchObject({ status: 'taken', acknowledgement: { at: DUE } });
  });

  it('is no correction when somebody else says so', async () => {
    const id = bench.occurrence();
    await answer(id, { status: 'taken' });
    const problem = await problemOf(answer(id, { ...SKIPPED, correction: true }, NOW, CAREGIVER));
    expect(problem).toMatchObject({ code: 'state_conflict' });
    expect(await stored(id)).toMatchObject({ status: 'taken' });
  });

  it('after skipped may be that it was taken after all, and the reason is gone', async () => {
    const id = bench.occurrence();
    await answer(id, SKIPPED);
    expect(await answer(id, { status: 'taken' }, LATER, CAREGIVER)).toMatchObject({ status: 'taken' });
    expect((await bench.read('occurrence', id))?.body).not.toHaveProperty('reasonText');
  });
});

describe('a snooze', () => {
  const snooze = (until: string): AcknowledgementBody => ({ status: 'snoozed', snooze_until: until });

  it.each([
    [EXPIRES, 'after_window'],
    [NOW, 'not_in_future'],
    [DUE, 'not_in_future'],
  ])('until %s is refused: %s', async (until, code) => {
    const problem = await problemOf(answer(bench.occurrence(), snooze(until)));
    expect(problem).toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/snooze_until', code }],
    });
  });

  it('of a missed dose is refused, with what is possible', async () => {
    const problem = await problemOf(answer(bench.occurrence(), snooze('2027-03-03T10:00:00.000Z'), LATER));
    expect(problem.code).toBe('state_conflict');
    expect(problem.message).toContain('The reminder is missed. Possible: taken, skipped.');
  });

  it('of a dose that nobody was told of is refused', async () => {
    const id = bench.occurrence({ status: 'not_sent', reason: 'too_late' });
    expect(await problemOf(answer(id, snooze('2027-03-01T14:00:00.000Z')))).toMatchObject({
      code: 'state_conflict',
    });
  });
});

describe('a body', () => {
  it.each<[AcknowledgementBody, string, string]>([
    [{ status: 'skipped' }, '/reason', 'required'],
    [{ status: 'taken', reason: { code: 'asleep' } }, '/reason', 'not_allowed'],
    [{ status: 'snoozed' }, '/snooze_until', 'required'],
    [{ status: 'taken', snooze_until: EXPIRES }, '/snooze_until', 'not_allowed'],
    [{ status: 'taken', at: '2027-03-01T13:20:00.001Z' }, '/at', 'in_future'],
    [{ status: 'taken', at: '2027-02-30T13:00:00Z' }, '/at', 'invalid_instant'],
    [{ status: 'taken', at: '2027-02-20T13:00:00Z' }, '/at', 'not_of_this_slot'],
    [{ status: 'taken', at: '2027-03-01T00:59:00Z' }, '/at', 'not_of_this_slot'],
  ])('%j is refused at %s: %s', async (body, pointer, code) => {
    const id = bench.occurrence();
    expect(await problemOf(answer(id, body))).toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer, code }],
    });
    expect(bench.trail()).toEqual([]);
  });
});

describe('a dose of the future', () => {
  /** The next dose of `m1`: 20:00 in New York, hence six hours before and after it. */
  const evening = () => `2027-03-01_2000_${bench.medicationRef()}`;
  const EARLY = '2027-03-01T19:00:00.000Z';

  it('that is the next one may be taken early, and stands from then on for the tick to find', async () => {
    bench.medication();
    expect(await answer(evening(), { status: 'taken' }, EARLY)).toMatchObject({
      status: 'taken',
      due_at: '2027-03-02T01:00:00.000Z',
      expires_at: '2027-03-02T07:00:00.000Z',
    });
    const record = await bench.read('occurrence', evening());
    expect(record).toMatchObject({ version: 1, state: { scheduleRevision: 1 }, body: { slots: ['20:00'] } });
    expect(await answer(evening(), { status: 'taken' }, EARLY)).toMatchObject({ status: 'taken' });
    expect(bench.trail()).toMatchObject([
      { action: 'reminder.taken', details: { from: 'scheduled' } },
      { action: 'reminders.read', details: { repeated: true } },
    ]);
  });

  it('cannot be snoozed before it was told', async () => {
    bench.medication();
    const body = { status: 'snoozed', snooze_until: '2027-03-02T02:00:00.000Z' } as const;
    expect(await problemOf(answer(evening(), body, EARLY))).toMatchObject({ code: 'state_conflict' });
    expect(await bench.read('occurrence', evening())).toBeUndefined();
  });

  it.each<[string, () => string, string]>([
    ['more than the length of its window ahead', evening, '2027-03-01T18:59:59.999Z'],
    ['not the next one', () => `2027-03-02_0800_${bench.medicationRef()}`, '2027-03-02T00:59:00.000Z'],
    ['of no schedule', () => `2027-03-01_2000_${bench.medicationRef('m2')}`, EARLY],
    ['at no time of the schedule', () => `2027-03-01_2030_${bench.medicationRef()}`, EARLY],
    ['under no id of ours', () => 'nonsense', EARLY],
  ])('%s is not found', async (_, id, now) => {
    bench.medication();
    expect(await problemOf(answer(id(), { status: 'taken' }, now))).toMatchObject({
      code: 'reminder_not_found',
    });
  });

  it('of a stopped schedule is not found', async () => {
    bench.medication('m1', 'active', { status: 'stopped' });
    expect(await problemOf(answer(evening(), { status: 'taken' }, EARLY))).toMatchObject({
      code: 'reminder_not_found',
    });
  });
});

describe('a dose that is due and that no tick has made', () => {
  /** Three of them: two whose window is over, and one that may still be told. */
  const SLOTS = ['2027-03-01_0800', '2027-03-01_2000', '2027-03-02_0800'] as const;
  const NOW_DUE = '2027-03-02T14:00:00.000Z';
  const AHEAD = '2027-03-02_2000';
  const idOf = (slot: string) => `${slot}_${bench.medicationRef()}`;
  const overdue = (slot: string, body: AcknowledgementBody = { status: 'taken' }, now = NOW_DUE) =>
    answer(idOf(slot), body, now);
  const statusOf = async (slot: string) => (await stored(idOf(slot)))?.status;
  beforeEach(() => bench.medication('m1', 'active', { nextDueAt: DUE }));

  it.each(permutations(SLOTS))(
    'is answered in any order, each its own slot: %s, %s, %s',
    async (...order) => {
      for (const slot of order) expect(await overdue(slot)).toMatchObject({ status: 'taken' });
      const due = ['2027-03-01T13:00:00.000Z', '2027-03-02T01:00:00.000Z', '2027-03-02T13:00:00.000Z'];
      for (const [index, slot] of SLOTS.entries())
        expect(await bench.read('occurrence', idOf(slot))).toMatchObject({
          version: 1,
          state: { status: 'taken', dueAt: due[index], scheduleRevision: 1 },
          body: { slots: [slot.endsWith('0800') ? '08:00' : '20:00'] },
        });
      expect(bench.trail().map(({ details }) => details['reminder_id'])).toEqual(order.map(idOf));
      const schedule = await bench.read('schedule', bench.medicationRef());
      expect(schedule).toMatchObject({ version: 1, state: { nextDueAt: DUE } });
    },
  );

  it('is recorded from what a tick would have made of it: to be told, or too late', async () => {
    expect(await overdue(SLOTS[2])).not.toHaveProperty('reason');
    expect(await overdue(SLOTS[0])).toMatchObject({ expires_at: EXPIRES, reason: 'too_late' });
    expect(bench.trail().map(({ details }) => details['from'])).toEqual(['scheduled', 'not_sent']);
  });

  it('may be skipped with its reason, and taken after all', async () => {
    expect(await overdue(SLOTS[1], SKIPPED)).toMatchObject({
      status: 'skipped',
      acknowledgement: { reason: { code: 'felt_unwell', text: 'nausea' } },
    });
    expect(await overdue(SLOTS[1])).toMatchObject({ status: 'taken' });
    expect(await overdue(SLOTS[1])).toMatchObject({ status: 'taken' });
    expect(bench.trail().map(({ action }) => action)).toEqual([
      'reminder.skipped',
      'reminder.taken',
      'reminders.read',
    ]);
  });

  it.each<[string, AcknowledgementBody, string]>([
    ['snoozed', { status: 'snoozed', snooze_until: '2027-03-02T15:00:00.000Z' }, 'scheduled'],
    ['confirmed', { status: 'confirmed' }, 'scheduled'],
  ])('cannot be %s, because nobody was told of it; what is possible is said', async (_, body, is) => {
    const problem = await problemOf(overdue(SLOTS[2], body));
    expect(problem).toMatchObject({ code: 'state_conflict' });
    expect(problem.message).toContain(`The reminder is ${is}. Possible: taken, skipped.`);
    expect((await problemOf(overdue(SLOTS[0], body))).message).toContain('The reminder is not_sent.');
    expect(await statusOf(SLOTS[2])).toBeUndefined();
  });

  it('may be of a paused medication, not of a stopped schedule', async () => {
    bench.medication('m1', 'paused', { nextDueAt: DUE });
    expect(await overdue(SLOTS[0])).toMatchObject({ status: 'taken' });
    bench.medication('m1', 'stopped', { status: 'stopped', nextDueAt: null });
    expect(await problemOf(overdue(SLOTS[1]))).toMatchObject({ code: 'reminder_not_found' });
  });

  it('opens no way to those ahead, but for the next one', async () => {
    expect(await problemOf(overdue(AHEAD))).toMatchObject({ code: 'reminder_not_found' });
    expect(await problemOf(overdue('2027-03-03_0800', { status: 'taken' }))).toMatchObject({
      code: 'reminder_not_found',
    });
    expect(await overdue(AHEAD, { status: 'taken' }, '2027-03-02T19:00:00.000Z')).toMatchObject({
      status: 'taken',
    });
  });

  it.each(['2027-02-28_2000', '2027-02-30_0800', '9999-99-99_0800'])(
    'is not %s, which its schedule has not to make',
    async (slot) => {
      expect(await problemOf(overdue(slot))).toMatchObject({ code: 'reminder_not_found' });
    },
  );

  /** Something happens in the moment before the first commit. */
  const racing = (happens: () => Promise<unknown>) => {
    let isFirst = true;
    const commit: typeof bench.schedules.commit = async (...args) => {
      if (isFirst) {
        isFirst = false;
        await happens();
      }
      return bench.schedules.commit(...args);
    };
    const deps = { ...bench, schedules: { ...bench.schedules, commit } };
    return (slot: string) =>
      acknowledgeReminder(
        deps,
        PATIENT,
        { userId: 'p1', reminderId: idOf(slot) },
        { status: 'taken' },
        bench.at(NOW_DUE),
      );
  };
  const entry = () => ({
    owner: bench.owner,
    medicationRef: bench.medicationRef(),
    scheduleRevision: 1,
    dueAt: DUE,
  });
  const told = () => [...bench.db.rows.values()].map(({ dueAt }) => dueAt);

  it('that a tick makes in that very moment is answered as what the tick has made', async () => {
    const take = racing(() => advanceDue(bench, entry(), NOW_DUE));
    expect(await take(SLOTS[0])).toMatchObject({ status: 'taken', reason: 'too_late' });
    expect(await bench.read('occurrence', idOf(SLOTS[0]))).toMatchObject({ version: 2 });
    expect(await statusOf(SLOTS[1])).toBe('not_sent');
    expect(await statusOf(SLOTS[2])).toBe('scheduled');
    expect(bench.trail()).toHaveLength(1);
  });

  it('that is answered while a tick makes it is neither made anew nor told', async () => {
    const { commit } = bench.schedules;
    let isFirst = true;
    const schedules = {
      ...bench.schedules,
      commit: async (...args: Parameters<typeof commit>) => {
        if (isFirst) await overdue(SLOTS[2]);
        isFirst = false;
        return commit(...args);
      },
    };
    expect(await advanceDue({ ...bench, schedules }, entry(), NOW_DUE)).toMatchObject({ made: 0 });
    for (const slot of SLOTS.slice(0, 2)) expect(await statusOf(slot)).toBe('not_sent');
    expect(await bench.read('occurrence', idOf(SLOTS[2]))).toMatchObject({
      version: 1,
      state: { status: 'taken' },
    });
    expect(told()).toEqual([]);
    const schedule = await bench.read('schedule', bench.medicationRef());
    expect(schedule?.state.nextDueAt).toBe('2027-03-03T01:00:00.000Z');
  });

  it('of a schedule that is replaced in that very moment is not written by what stood before', async () => {
    const replaced = async () => {
      bench.medication('m1', 'active', { revision: 2, nextDueAt: '2027-03-03T01:00:00.000Z' });
    };
    expect(await problemOf(racing(replaced)(SLOTS[2]))).toMatchObject({ code: 'reminder_not_found' });
    expect(await statusOf(SLOTS[2])).toBeUndefined();
  });

  it('of a schedule that was replaced before is answered as the replacement has recorded it', async () => {
    const reason = 'schedule_replaced';
    bench.occurrence({ status: 'not_sent', reason }, idOf(SLOTS[0]));
    bench.medication('m1', 'active', { revision: 2, nextDueAt: '2027-03-03T01:00:00.000Z' });
    expect(await overdue(SLOTS[0])).toMatchObject({ status: 'taken', reason });
  });

  it('whose schedule keeps moving is refused with a clear word', async () => {
    const schedules = { ...bench.schedules, commit: async () => 'conflict' as const };
    const deps = { ...bench, schedules };
    const target = { userId: 'p1', reminderId: idOf(SLOTS[0]) };
    const kept = acknowledgeReminder(deps, PATIENT, target, { status: 'taken' }, bench.at(NOW_DUE));
    expect(await problemOf(kept)).toMatchObject({ code: 'state_conflict' });
  });
});

function permutations<T>([first, ...rest]: readonly T[]): T[][] {
  if (first === undefined) return [[]];
  return permutations(rest).flatMap((some) =>
    Array.from({ length: some.length + 1 }, (_, at) => some.toSpliced(at, 0, first)),
  );
}

it('needs a right to that patient’s data, and a reminder of that patient', async () => {
  const id = bench.occurrence();
  const stranger = { ...CAREGIVER, careFor: ['p2'] };
  expect(await problemOf(answer(id, { status: 'taken' }, NOW, stranger))).toMatchObject({
    code: 'forbidden',
  });
  expect(await problemOf(answer('2027-03-01_0900_x', { status: 'taken' }))).toMatchObject({
    code: 'reminder_not_found',
  });
});

it('reads again when the record moves meanwhile, and says so when it keeps moving', async () => {
  const id = bench.occurrence();
  const { schedules } = bench;
  let conflicts = 1;
  const moving = {
    ...bench,
    schedules: {
      ...schedules,
      commit: async (...args: Parameters<typeof schedules.commit>) => {
        conflicts -= 1;
        return conflicts >= 0 ? ('conflict' as const) : schedules.commit(...args);
      },
    },
  };
  const take = () =>
    acknowledgeReminder(
      moving,
      PATIENT,
      { userId: 'p1', reminderId: id },
      { status: 'taken' },
      bench.at(NOW),
    );
  expect(await take()).toMatchObject({ status: 'taken' });
  conflicts = 99;
  const other = bench.occurrence({}, `2027-03-02_0800_${bench.medicationRef()}`);
  const kept = acknowledgeReminder(
    moving,
    PATIENT,
    { userId: 'p1', reminderId: other },
    { status: 'taken' },
    bench.at(NOW),
  );
  expect(await problemOf(kept)).toMatchObject({ code: 'state_conflict' });
});
