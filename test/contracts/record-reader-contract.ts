import { describe, expect, test } from 'vitest';
import type { RecordReader, StoredRecord } from '#shared/jobs/ports.ts';
import type { ScheduleStore } from '#shared/operations/ports.ts';
import { userWrite } from './job-commit-contract.ts';
import { collect, medicationWrite, occurrenceWrite, scheduleWrite } from './record-samples.ts';
import { unique } from './sample-jobs.ts';

export interface ReaderUnderTest {
  readonly records: RecordReader;
  /** Writes what is read. */
  readonly schedules: ScheduleStore;
}

/** What every RecordReader promises. */
export function recordReaderContract(name: string, make: () => Promise<ReaderUnderTest>): void {
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
          occurrenceWrite(owner, '2031-05-07_0800_m'),
          occurrenceWrite(owner, '2031-05-06_2000_m'),
          occurrenceWrite(owner, '2031-05-06_0800_m'),
          occurrenceWrite(owner, '2031-06-01_0800_m'),
          occurrenceWrite(other, '2031-05-06_0800_m'),
          scheduleWrite(owner, '2031-05-m'),
        ],
        [],
      );

      const listed = await collect(records.list('occurrence', owner, '2031-05-'));

      expect(listed.map((record) => record.id)).toEqual([
        '2031-05-06_0800_m',
        '2031-05-06_2000_m',
        '2031-05-07_0800_m',
      ]);
      expect(listed[0]).toMatchObject({ type: 'occurrence', state: { status: 'scheduled', reason: null } });
    });

    test('are read by a range of ids: its beginning included, its end not, of one type and owner only', async () => {
      const { schedules, records } = await make();
      const [owner, other] = [unique('owner'), unique('owner')];
      const ids = ['2031-05-05_2000_m', '2031-05-06', '2031-05-06_0800_m', '2031-05-07_0800_m', '2031-05-08'];
      await schedules.commit(
        [
          ...ids.toReversed().map((id) => occurrenceWrite(owner, id)),
          occurrenceWrite(other, '2031-05-06_0900_m'),
          scheduleWrite(owner, '2031-05-06_0900_m'),
        ],
        [],
      );
      const idsOf = async (from: string, until: string) =>
        (await collect(records.range('occurrence', owner, { from, until }))).map(({ id }) => id);

      expect(await idsOf('2031-05-06', '2031-05-08')).toEqual([
        '2031-05-06',
        '2031-05-06_0800_m',
        '2031-05-07_0800_m',
      ]);
      expect(await idsOf('2031-05-07_0800_m', '2031-05-07_0800_m')).toEqual([]);
      expect(await idsOf('2031-05-09', '2031-05-01')).toEqual([]);
    });

    test('name the users who have a medication, by the beginning of their refs', async () => {
      const { schedules, records } = await make();
      const prefix = unique('p').toLowerCase();
      const owners = ['b', 'a', 'c'].map((end) => `${prefix}-${end}`);
      for (const owner of owners)
        await schedules.commit([medicationWrite(owner, 'm1'), medicationWrite(owner, 'm2')], []);
      await schedules.commit(
        [medicationWrite(`${prefix}-b`, 'm3'), medicationWrite(`${prefix}-b`, 'm1', 1)],
        [],
      );
      await schedules.commit([userWrite(`${prefix}-no-medication`, 'absent')], []);

      expect(await records.owners(prefix, 10)).toEqual(owners.toSorted());
      expect(await records.owners(prefix, 2)).toEqual([`${prefix}-a`, `${prefix}-b`]);
      expect(await records.owners(`${prefix}-c`, 10)).toEqual([`${prefix}-c`]);
      expect(await records.owners(`${prefix}-d`, 10)).toEqual([]);
      expect((await records.owners('', 1)).length).toBe(1);
    });

    test('name the users who have ever given a grant to somebody, also after it was revoked', async () => {
      const { schedules, records } = await make();
      const [nurse, son, a, b] = ['nurse', 'son', 'a', 'b'].map(unique);
      if (!nurse || !son || !a || !b) throw new Error('Four names were made.');
      await schedules.commit([{ ...userWrite(b, 'absent'), grantees: [nurse, son, nurse] }], []);
      await schedules.commit([{ ...userWrite(a, 'absent'), grantees: [nurse] }], []);
      await schedules.commit([userWrite(a, 1)], []);

      expect(await records.patientsOf(nurse, 10)).toEqual([a, b].toSorted());
      expect(await records.patientsOf(nurse, 1)).toEqual([a, b].toSorted().slice(0, 1));
      expect(await records.patientsOf(son, 10)).toEqual([b]);
      expect(await records.patientsOf(unique('nobody'), 10)).toEqual([]);
    });
  });
}
