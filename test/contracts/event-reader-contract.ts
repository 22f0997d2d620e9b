import { describe, expect, test } from 'vitest';
import type { BreakGlassRow, DoseRow, EventReader, RecordWriteOf } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobStore, NewJob, ScheduleStore } from '#shared/operations/ports.ts';
import { running } from './job-commit-contract.ts';
import { collect, medicationWrite, occurrenceWrite } from './record-samples.ts';
import { sampleChange, sampleJob, sampleJobId, unique } from './sample-jobs.ts';

export interface EventsUnderTest {
  readonly events: EventReader;
  readonly store: JobStore;
  readonly schedules: ScheduleStore;
  /** Lets time pass to that moment: rows say when they were written. */
  readonly setTime: (to: Instant) => void;
  /** Nothing writes such rows yet. */
  readonly putBreakGlass: (row: BreakGlassRow) => Promise<void>;
}

type OccurrenceState = RecordWriteOf<'occurrence'>['state'];

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What every EventReader promises of what the stores write. @param make ports over the same rows, or over none, each time */
export function eventReaderContract(name: string, make: () => Promise<EventsUnderTest>): void {
  const jobAt = (at: Instant): NewJob => sampleJob({ jobId: sampleJobId(at), createdAt: at });
  const ids = (rows: readonly { readonly jobId: string }[]) => rows.map(({ jobId }) => jobId).sort();
  const idsOf = (jobs: readonly NewJob[]) => ids(jobs.map(({ row }) => row));

  describe(`${name}: accepted jobs`, () => {
    test('tell of each job when it was accepted, by what it is, in a window that is cut to the millisecond', async () => {
      const { events, store } = await make();
      const [from, to] = ['2031-01-05T09:15:00.000Z', '2031-01-05T11:30:00.000Z'];
      const inside = [
        from,
        '2031-01-05T09:59:59.999Z',
        '2031-01-05T10:00:00.000Z',
        '2031-01-05T11:29:59.999Z',
      ];
      const jobs = inside.map(jobAt);
      const outside = ['2031-01-05T09:14:59.999Z', to, '2031-01-05T11:30:00.001Z'].map(jobAt);
      for (const job of [...jobs, ...outside]) await store.accept(job);
      const rows = await collect(events.accepted(from, to));
      expect(ids(rows)).toEqual(idsOf(jobs));
      const [first] = jobs;
      expect(rows.find(({ jobId }) => jobId === first?.row.jobId)).toEqual({
        jobId: first?.row.jobId,
        kind: 'refill-check',
        priority: 'MEDIUM',
        acceptedAt: from,
      });
      expect(await collect(events.accepted(from, from))).toEqual([]);
      expect(await collect(events.accepted(to, from))).toEqual([]);
    });

    test('come from whoever makes them: requests, parents and ticks, each once', async () => {
      const { events, store, schedules } = await make();
      const at = '2031-01-06T12:00:00.000Z';
      const accepted = jobAt(at);
      await store.accept(accepted);
      await store.accept(accepted);
      const children = Array.from({ length: 30 }, () => jobAt(at));
      // One of them stands already.
      const again = sampleJob({ jobId: accepted.row.jobId, createdAt: at });
      const before = await running(store);
      await store.commit(sampleChange('wait', before, { children: [again, ...children] }));
      const ordered = [jobAt(at), jobAt(at)];
      await schedules.commit([], ordered);
      expect(await schedules.commit([], [jobAt(at), accepted])).toBe('conflict');
      expect(ids(await collect(events.accepted(at, addSeconds(at, 1))))).toEqual(
        idsOf([accepted, ...children, ...ordered]),
      );
    });

    test('are none of a change that is lost', async () => {
      const { events, store } = await make();
      const at = '2031-01-07T12:00:00.000Z';
      const before = await running(store);
      await store.commit(sampleChange('wait', { ...before, fence: 9 }, { children: [jobAt(at)] }));
      expect(await collect(events.accepted(at, addSeconds(at, 1)))).toEqual([]);
    });
  });

  describe(`${name}: doses`, () => {
    const dose = (dueAt: Instant, state: Partial<OccurrenceState> = {}, owner = unique('owner')) => {
      const write = occurrenceWrite(owner, unique(`${dueAt.slice(0, 10)}_0800`));
      return { ...write, state: { ...write.state, dueAt, ...state } };
    };
    const rowOf = (
      { id, owner, state }: RecordWriteOf<'occurrence'>,
      recordedAt: Instant,
      over: object = {},
    ) => ({
      occurrenceId: id,
      userRef: owner,
      dueAt: state.dueAt,
      status: state.status,
      reason: state.reason,
      recordedAt,
      ...over,
    });
    const inOrder = (rows: readonly DoseRow[]) => rows.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1));

    test('have a row from when they are told, held or not sent, and none before', async () => {
      const { events, schedules, setTime } = await make();
      const dueAt = '2031-02-03T08:00:00.000Z';
      setTime(dueAt);
      const sent = dose(dueAt);
      const read = () => collect(events.doses(dueAt, addSeconds(dueAt, HOUR)));
      await schedules.commit([sent], []);
      expect(await read()).toEqual([]);
      await schedules.commit([{ ...sent, expect: 1, state: { ...sent.state, status: 'sending' } }], []);
      expect(await read()).toEqual([]);
      const told = { at: addSeconds(dueAt, 2), late: false };
      const expiresAt = addSeconds(dueAt, 12 * HOUR);
      const published = { ...sent.state, status: 'published', told, expiresAt } as const;
      await schedules.commit([{ ...sent, expect: 2, state: published }], []);
      expect(await read()).toEqual([rowOf({ ...sent, state: published }, dueAt, { told, expiresAt })]);
    });

    test('have one row, which is what became of them last', async () => {
      const { events, schedules, setTime } = await make();
      const dueAt = '2031-02-04T08:00:00.000Z';
      const later = addSeconds(dueAt, 900);
      setTime(dueAt);
      const one = dose(dueAt, { status: 'published' });
      await schedules.commit([one], []);
      setTime(later);
      const by = { ref: 'actor', role: 'patient' as const };
      const acknowledgement = { outcome: 'taken' as const, at: dueAt, recordedAt: later, by };
      const state = { ...one.state, status: 'taken' as const, acknowledgement };
      expect(await schedules.commit([{ ...one, expect: 7, state }], [])).toBe('conflict');
      await schedules.commit([{ ...one, expect: 1, state }], []);
      expect(await collect(events.doses(dueAt, later))).toEqual([
        rowOf({ ...one, state }, later, { answeredAt: later }),
      ]);
    });

    test('are written by attempts, by intents, and by the ends of jobs that answer for them', async () => {
      const { events, store, schedules, setTime } = await make();
      const dueAt = '2031-02-05T08:00:00.000Z';
      setTime(dueAt);
      const job = await running(store);
      const byIntent = dose(dueAt, { status: 'not_sent', reason: 'too_late' });
      const byAttempt = dose(addSeconds(dueAt, 60), { status: 'published' });
      const closed = dose(addSeconds(dueAt, 120));
      await schedules.commit([closed], []);
      await store.recordIntent(job, [byIntent]);
      const closing = {
        owner: closed.owner,
        id: closed.id,
        expect: 1,
        state: { ...closed.state, status: 'not_sent' as const, reason: 'delivery_failed' },
      };
      await store.commit(sampleChange('fail', job, { writes: [byAttempt], closing }));
      expect(inOrder(await collect(events.doses(dueAt, addSeconds(dueAt, HOUR))))).toEqual([
        rowOf(byIntent, dueAt),
        rowOf(byAttempt, dueAt),
        rowOf({ ...closed, state: closing.state }, dueAt),
      ]);
    });

    test('that become due at another time, or open once more, leave none where they stood', async () => {
      const { events, schedules, setTime } = await make();
      const dueAt = '2031-02-06T08:00:00.000Z';
      setTime(dueAt);
      const read = () => collect(events.doses('2031-02-06T00:00:00.000Z', '2031-02-07T00:00:00.000Z'));
      const one = dose(dueAt, { status: 'not_sent', reason: 'schedule_replaced' });
      await schedules.commit([one], []);
      const moved = { ...one.state, dueAt: addSeconds(dueAt, 2 * HOUR) };
      await schedules.commit([{ ...one, expect: 1, state: moved, replaces: one.state }], []);
      expect(await read()).toEqual([rowOf({ ...one, state: moved }, dueAt)]);
      const open = { ...one.state, dueAt: moved.dueAt, status: 'scheduled', reason: null } as const;
      await schedules.commit([{ ...one, expect: 2, state: open, replaces: moved }], []);
      expect(await read()).toEqual([]);
      const told = { ...open, status: 'published' } as const;
      await schedules.commit([{ ...one, expect: 3, state: told, replaces: open }], []);
      expect(await read()).toEqual([rowOf({ ...one, state: told }, dueAt)]);
    });

    test('are read by when they were due, each once, over hours and days', async () => {
      const { events, schedules, setTime } = await make();
      const start = '2031-03-01T00:00:00.000Z';
      setTime(start);
      const all = Array.from({ length: 60 }, (_, index) =>
        dose(addSeconds(start, index * 37 * 60), { status: 'published' }),
      );
      for (let from = 0; from < all.length; from += 20)
        await schedules.commit(all.slice(from, from + 20), []);
      const [first, last] = [all[7]?.state.dueAt ?? '', all[50]?.state.dueAt ?? ''];
      const found = inOrder(await collect(events.doses(first, last)));
      expect(found.map(({ occurrenceId }) => occurrenceId)).toEqual(all.slice(7, 50).map(({ id }) => id));
      expect(await collect(events.doses(last, first))).toEqual([]);
    });
  });

  describe(`${name}: dispensings`, () => {
    const fill = (date: string, daysSupply: number, owner = unique('owner'), id = unique('medication')) => ({
      ...medicationWrite(owner, id, 'any'),
      newFill: { date, daysSupply },
    });

    test('are read by their local date, the last statement about each', async () => {
      const { events, schedules, setTime } = await make();
      setTime('2031-04-05T10:00:00.000Z');
      const [one, other] = [fill('2031-04-03', 30), fill('2031-04-04', 90)];
      await schedules.commit([one, other, fill('2031-04-02', 1), fill('2031-04-05', 1)], []);
      setTime('2031-04-05T11:00:00.000Z');
      await schedules.commit([fill('2031-04-03', 28, one.owner, one.id)], []);
      const rows = await collect(events.fills('2031-04-03', '2031-04-05'));
      expect(rows.toSorted((a, b) => (a.date < b.date ? -1 : 1))).toEqual([
        {
          userRef: one.owner,
          medicationRef: one.id,
          date: '2031-04-03',
          daysSupply: 28,
          recordedAt: '2031-04-05T11:00:00.000Z',
        },
        {
          userRef: other.owner,
          medicationRef: other.id,
          date: '2031-04-04',
          daysSupply: 90,
          recordedAt: '2031-04-05T10:00:00.000Z',
        },
      ]);
      expect(await collect(events.fills('2031-04-05', '2031-04-03'))).toEqual([]);
    });

    test('are told by whoever states them, not by every write of a medication', async () => {
      const { events, schedules } = await make();
      const write = medicationWrite(unique('owner'), unique('medication'));
      const body = { ...write.body, lastFillDate: '2031-04-10', daysSupply: 30 };
      await schedules.commit([{ ...write, body }], []);
      expect(await collect(events.fills('2031-04-10', '2031-04-11'))).toEqual([]);
    });
  });

  describe(`${name}: late rows`, () => {
    const doseAt = (dueAt: Instant) => {
      const write = occurrenceWrite(unique('owner'), unique('2031_0800'));
      return { ...write, state: { ...write.state, dueAt, status: 'published' as const } };
    };

    test('mark their hours on the day of the writing, each once', async () => {
      const { events, schedules, setTime } = await make();
      setTime('2031-05-20T00:00:00.000Z');
      const onTime = doseAt('2031-05-18T11:00:00.000Z');
      const late = ['2031-05-18T10:59:59.999Z', '2031-05-18T10:00:00.000Z', '2031-05-17T08:30:00.000Z'];
      await schedules.commit([onTime, ...late.map(doseAt)], []);
      await schedules.commit([doseAt('2031-05-17T08:45:00.000Z')], []);
      const medication = medicationWrite(unique('owner'), unique('medication'));
      const [early, today] = ['2031-05-01', '2031-05-19'];
      await schedules.commit([{ ...medication, newFill: { date: early, daysSupply: 30 } }], []);
      const other = medicationWrite(unique('owner'), unique('medication'));
      await schedules.commit([{ ...other, newFill: { date: today, daysSupply: 30 } }], []);
      expect(await events.lateHours('2031-05-20')).toEqual([
        '2031-05-01T12:00:00.000Z',
        '2031-05-17T08:00:00.000Z',
        '2031-05-18T10:00:00.000Z',
      ]);
      expect(await events.lateHours('2031-05-19')).toEqual([]);
    });

    test('mark both hours of a dose that moves', async () => {
      const { events, schedules, setTime } = await make();
      setTime('2031-06-10T00:00:00.000Z');
      const one = doseAt('2031-06-01T08:00:00.000Z');
      await schedules.commit([one], []);
      setTime('2031-06-11T00:00:00.000Z');
      const state = { ...one.state, dueAt: '2031-06-01T10:00:00.000Z' };
      await schedules.commit([{ ...one, expect: 1, state, replaces: one.state }], []);
      expect(await events.lateHours('2031-06-11')).toEqual([
        '2031-06-01T08:00:00.000Z',
        '2031-06-01T10:00:00.000Z',
      ]);
    });
  });

  describe(`${name}: uses of emergency access`, () => {
    test('are read by their time', async () => {
      const { events, putBreakGlass } = await make();
      const [from, to] = ['2031-07-01T08:30:00.000Z', '2031-07-01T09:30:00.000Z'];
      const row = (at: Instant) => ({ id: unique('use'), at });
      const inside = [from, '2031-07-01T09:29:59.999Z'].map(row);
      for (const one of [...inside, row(to), row('2031-07-01T08:29:59.999Z')]) await putBreakGlass(one);
      const found = await collect(events.breakGlass(from, to));
      expect(found.toSorted((a, b) => (a.at < b.at ? -1 : 1))).toEqual(inside);
    });
  });

  test(`${name}: what lies days apart is found in its own window only`, async () => {
    const { events, store } = await make();
    const [early, late] = ['2031-08-01T00:00:00.000Z', '2031-08-03T00:00:00.000Z'];
    const jobs = [jobAt(early), jobAt(late)];
    for (const job of jobs) await store.accept(job);
    const day = (at: Instant) => collect(events.accepted(at, addSeconds(at, DAY)));
    expect(ids(await day(early))).toEqual(idsOf(jobs.slice(0, 1)));
    expect(await day(addSeconds(early, DAY))).toEqual([]);
    expect(ids(await day(late))).toEqual(idsOf(jobs.slice(1)));
  });
}
