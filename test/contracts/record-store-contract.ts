import { describe, expect, test } from 'vitest';
import type { RecordReader, RecordWriteOf, StoredRecord } from '#shared/jobs/ports.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { AuditLog, DueBuckets, DueEntry, JobStore, ScheduleStore } from '#shared/operations/ports.ts';
import { userWrite } from './job-commit-contract.ts';
import { NOW, sampleEntry, sampleJob, unique } from './sample-jobs.ts';

export interface RecordPorts {
  readonly records: RecordReader;
  readonly schedules: ScheduleStore;
  readonly dueBuckets: DueBuckets;
  readonly store: JobStore;
  readonly audit: AuditLog;
}

const scheduleWrite = (
  owner: string,
  id: string,
  over: Partial<RecordWriteOf<'schedule'>['state']> = {},
  expectation: RecordWriteOf<'schedule'>['expect'] = 'any',
): RecordWriteOf<'schedule'> => ({
  type: 'schedule',
  owner,
  id,
  expect: expectation,
  state: { status: 'active', nextDueAt: NOW, acceptedAt: NOW, revision: 1, ...over },
  body: {
    userId: 'user-1',
    medicationId: 'medication-1',
    frequency: 'BID',
    times: ['08:00', '20:00'],
    timeZone: 'Europe/Berlin',
    startDate: '2031-05-06',
    tzdataVersion: '2030a',
  },
});

const occurrenceWrite = (owner: string, id: string): RecordWriteOf<'occurrence'> => ({
  type: 'occurrence',
  owner,
  id,
  expect: 'absent',
  state: { status: 'scheduled', dueAt: NOW, scheduleRevision: 1, reason: null },
  body: {
    userId: 'user-1',
    medicationId: 'medication-1',
    localTime: '08:00',
    timeZone: 'UTC',
    slots: ['08:00'],
  },
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Entries of one minute in all shards, of one owner. */
async function dueEntries(buckets: DueBuckets, minute: Instant, owner: string): Promise<DueEntry[]> {
  const shards = Array.from({ length: buckets.shards }, (_, shard) => shard);
  const lists = await Promise.all(shards.map((shard) => collect(buckets.read(shard, minute))));
  return lists.flat().filter((entry) => entry.owner === owner);
}

const MINUTE: Instant = `${NOW.slice(0, 16)}:00.000Z`;

/** What every RecordReader, ScheduleStore and DueBuckets promise together. */
export function recordStoreContract(name: string, make: () => Promise<RecordPorts>): void {
  describe(`${name}: records`, () => {
    test('are read in the order asked for, with a gap where none stands', async () => {
      const { schedules, records } = await make();
      const [a, b] = [unique('owner'), unique('owner')];
      await schedules.commit([userWrite(a, 'absent'), userWrite(b, 'absent', 'Asia/Tokyo')], []);

      const keys = [b, unique('nobody'), a, b].map((owner) => ({ type: 'user', owner, id: '' }) as const);
      const read = await records.readMany(keys);

      const expected: (StoredRecord<'user'> | undefined)[] = [
        { type: 'user', id: '', version: 1, state: {}, body: { userId: b, timeZone: 'Asia/Tokyo' } },
        undefined,
        { type: 'user', id: '', version: 1, state: {}, body: { userId: a, timeZone: 'Europe/Berlin' } },
      ];
      expect(read).toEqual([...expected, expected[0]]);
    });

    test('count their writes, whatever was expected of them', async () => {
      const { schedules } = await make();
      const owner = unique('owner');
      const key = { type: 'user', owner, id: '' } as const;
      const versions: (number | undefined)[] = [];
      for (const expectation of ['any', 1, 'any', 3] as const) {
        expect(await schedules.commit([userWrite(owner, expectation)], [])).toBe('committed');
        versions.push((await schedules.read(key))?.version);
      }
      expect(versions).toEqual([1, 2, 3, 4]);
    });

    test('are listed by type and beginning of the id, in order of id, of one owner only', async () => {
      const { schedules, records } = await make();
      const [owner, other] = [unique('owner'), unique('owner')];
      await schedules.commit(
        [
          occurrenceWrite(owner, '2031-05-07#m#08:00'),
          occurrenceWrite(owner, '2031-05-06#m#20:00'),
          occurrenceWrite(owner, '2031-05-06#m#08:00'),
          occurrenceWrite(owner, '2031-06-01#m#08:00'),
          occurrenceWrite(other, '2031-05-06#m#08:00'),
          scheduleWrite(owner, '2031-05-m'),
        ],
        [],
      );

      const listed = await collect(records.list('occurrence', owner, '2031-05-'));

      expect(listed.map((record) => record.id)).toEqual([
        '2031-05-06#m#08:00',
        '2031-05-06#m#20:00',
        '2031-05-07#m#08:00',
      ]);
      expect(listed[0]).toMatchObject({ type: 'occurrence', state: { status: 'scheduled', reason: null } });
    });
  });

  describe(`${name}: commit of schedules`, () => {
    test('writes records, jobs and entries together', async () => {
      const { schedules, store, audit } = await make();
      const owner = unique('owner');
      const job = sampleJob({}, { occurrence: 'o-1' });
      const entry = sampleEntry();

      const answer = await schedules.commit([occurrenceWrite(owner, 'o-1')], [job], [entry]);

      expect(answer).toBe('committed');
      expect(await store.read(job.row.jobId)).toEqual(job.row);
      expect(await store.payload(job.row)).toEqual(job.payload);
      expect(await audit.chain(job.row.jobId)).toEqual([job.audit]);
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-1' })).toMatchObject({ version: 1 });
    });

    test('conflicts as a whole when a record has moved', async () => {
      const { schedules, store } = await make();
      const owner = unique('owner');
      await schedules.commit([occurrenceWrite(owner, 'o-1')], []);
      const job = sampleJob();

      const answer = await schedules.commit(
        [occurrenceWrite(owner, 'o-1'), occurrenceWrite(owner, 'o-2')],
        [job],
      );

      expect(answer).toBe('conflict');
      expect(await store.read(job.row.jobId)).toBeUndefined();
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-2' })).toBeUndefined();
    });

    test('conflicts as a whole when one of its jobs stands already', async () => {
      const { schedules, store } = await make();
      const owner = unique('owner');
      const job = sampleJob();
      await store.accept(job);

      const answer = await schedules.commit([occurrenceWrite(owner, 'o-1')], [job]);

      expect(answer).toBe('conflict');
      expect(await schedules.read({ type: 'occurrence', owner, id: 'o-1' })).toBeUndefined();
    });

    test('lets one of several workers that found the same dose write it', async () => {
      const { schedules } = await make();
      const owner = unique('owner');

      const answers = await Promise.all(
        Array.from({ length: 4 }, () => schedules.commit([occurrenceWrite(owner, 'o-1')], [sampleJob()])),
      );

      expect(answers.toSorted()).toEqual(['committed', 'conflict', 'conflict', 'conflict']);
    });

    test('of nothing is committed', async () => {
      const { schedules } = await make();
      expect(await schedules.commit([], [])).toBe('committed');
    });
  });

  describe(`${name}: due buckets`, () => {
    test('hold an active schedule’s next dose in its minute', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      await schedules.commit([scheduleWrite(owner, 'medication-a', { revision: 5 })], []);

      expect(await dueEntries(dueBuckets, MINUTE, owner)).toEqual([
        { owner, medicationRef: 'medication-a', scheduleRevision: 5, dueAt: NOW },
      ]);
      expect(await dueEntries(dueBuckets, addSeconds(MINUTE, 60), owner)).toEqual([]);
      expect(await dueEntries(dueBuckets, addSeconds(MINUTE, -60), owner)).toEqual([]);
    });

    test('hold nothing of a stopped schedule, or of one without a next dose', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      await schedules.commit(
        [scheduleWrite(owner, 'a', { status: 'stopped' }), scheduleWrite(owner, 'b', { nextDueAt: null })],
        [],
      );
      expect(await dueEntries(dueBuckets, MINUTE, owner)).toEqual([]);
    });

    test('keep what was due before the schedule moved on', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      await schedules.commit([scheduleWrite(owner, 'a')], []);
      const next = addSeconds(NOW, 12 * 3600);
      await schedules.commit([scheduleWrite(owner, 'a', { nextDueAt: next }, 1)], []);

      expect(await dueEntries(dueBuckets, MINUTE, owner)).toMatchObject([{ dueAt: NOW }]);
      const later = await dueEntries(dueBuckets, `${next.slice(0, 16)}:00.000Z`, owner);
      expect(later).toMatchObject([{ dueAt: next }]);
    });

    test('are not entered by a write that conflicts', async () => {
      const { schedules, dueBuckets } = await make();
      const owner = unique('owner');
      expect(await schedules.commit([scheduleWrite(owner, 'a', {}, 9)], [])).toBe('conflict');
      expect(await dueEntries(dueBuckets, MINUTE, owner)).toEqual([]);
    });

    test('have a watermark per shard that only moves forward', async () => {
      const { dueBuckets } = await make();
      const [shard, other] = [0, 1];
      await dueBuckets.moveWatermark(shard, MINUTE);
      await dueBuckets.moveWatermark(shard, addSeconds(MINUTE, -60));
      expect(await dueBuckets.watermark(shard)).toBe(MINUTE);

      await dueBuckets.moveWatermark(shard, addSeconds(MINUTE, 60));
      expect(await dueBuckets.watermark(shard)).toBe(addSeconds(MINUTE, 60));
      expect(await dueBuckets.watermark(other)).toBeUndefined();
    });
  });
}
