import { describe, expect, test } from 'vitest';
import { verifyChain } from '#shared/evidence/audit-chain.ts';
import type { RecordReader, RecordWrite } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import type { AuditLog, JobStore } from '#shared/operations/ports.ts';
import { NOW, sampleChange, sampleJob, TIMING, unique } from './sample-jobs.ts';

export interface CommitPorts {
  readonly store: JobStore;
  readonly audit: AuditLog;
  readonly records: RecordReader;
}

export const userWrite = (
  owner: string,
  expect: RecordWrite['expect'],
  zone = 'Europe/Berlin',
): RecordWrite => ({
  type: 'user',
  owner,
  id: '',
  expect,
  state: {},
  body: { userId: owner, timeZone: zone },
});

/** A job under an attempt. */
export async function running(store: JobStore, over: Partial<JobRow> = {}): Promise<JobRow> {
  const job = sampleJob(over);
  await store.accept(job);
  const answer = await store.claim({ jobId: job.row.jobId, generation: 1, now: NOW, timing: TIMING });
  if (!('row' in answer)) throw new Error('The sample job could not be claimed.');
  return answer.row;
}

/** What every JobStore promises of a status change and of an intent. */
export function jobCommitContract(name: string, make: () => Promise<CommitPorts>): void {
  describe(`${name}: commit`, () => {
    test('writes row, result, records and the next entry of a whole chain', async () => {
      const { store, audit, records } = await make();
      const before = await running(store);
      const owner = unique('owner');
      const change = sampleChange('succeed', before, {
        result: { days: 12 },
        writes: [userWrite(owner, 'absent')],
      });

      expect(await store.commit(change)).toBe('committed');

      expect(await store.read(before.jobId)).toEqual(change.after);
      expect(await store.result(change.after)).toEqual({ days: 12 });
      expect(await records.readMany([{ type: 'user', owner, id: '' }])).toMatchObject([
        { version: 1, body: { userId: owner, timeZone: 'Europe/Berlin' } },
      ]);
      const chain = await audit.chain(before.jobId);
      expect(chain).toHaveLength(2);
      expect(verifyChain(chain, change.after)).toBeUndefined();
    });

    test('removes from the row what the change leaves out', async () => {
      const { store } = await make();
      const before = await running(store);
      const fail = sampleChange('fail', before, { set: { errorCode: 'unexpected' } });
      await store.commit(fail);
      const redrive = sampleChange('redrive', fail.after, {
        set: { checkAt: NOW, generation: 2, attempt: 0 },
      });
      const { endedAt, errorCode, ...after } = redrive.after;
      expect([endedAt, fail.after.errorCode]).toEqual([expect.any(String), 'unexpected']);

      expect(await store.commit({ ...redrive, after })).toBe('committed');

      expect(await store.read(before.jobId)).toEqual(after);
    });

    test.each<[string, (row: JobRow) => JobRow]>([
      ['another fence', (row) => ({ ...row, fence: row.fence - 1 })],
      ['another generation', (row) => ({ ...row, generation: 2 })],
      ['another place in the audit chain', (row) => ({ ...row, chainSeq: row.chainSeq + 1 })],
    ])('is lost, and writes nothing, under %s', async (_, asRead) => {
      const { store, audit, records } = await make();
      const now = await running(store);
      const owner = unique('owner');
      const change = sampleChange('succeed', asRead(now), {
        result: { lost: true },
        summary: 'lost',
        writes: [userWrite(owner, 'absent')],
      });

      expect(await store.commit(change)).toBe('lost');

      expect(await store.read(now.jobId)).toEqual(now);
      expect(await store.result(now)).toBeUndefined();
      expect(await records.readMany([{ type: 'user', owner, id: '' }])).toEqual([undefined]);
      expect(await audit.chain(now.jobId)).toHaveLength(1);
    });

    test('is lost when the status is none from which the event may happen', async () => {
      const { store } = await make();
      const before = await running(store);
      const cancel = sampleChange('cancel', before);
      await store.commit(cancel);

      // The same position in the chain, so that only the status tells them apart.
      const late = sampleChange('succeed', { ...cancel.after, status: 'running' });
      expect(await store.commit(late)).toBe('lost');
      expect(await store.read(before.jobId)).toEqual(cancel.after);
    });

    test('lets one of two changes of the same row win', async () => {
      const { store, audit } = await make();
      const before = await running(store);

      const answers = await Promise.all([
        store.commit(sampleChange('succeed', before)),
        store.commit(sampleChange('cancel', before)),
      ]);

      expect(answers.toSorted()).toEqual(['committed', 'lost']);
      expect(await audit.chain(before.jobId)).toHaveLength(2);
    });

    test.each<[string, RecordWrite['expect']]>([
      ['of another version', 7],
      ['that should not stand yet', 'absent'],
    ])('conflicts, and writes nothing, over a record %s', async (_, expectation) => {
      const { store, records } = await make();
      const owner = unique('owner');
      await store.commit(
        sampleChange('succeed', await running(store), { writes: [userWrite(owner, 'any')] }),
      );
      const before = await running(store);
      const change = sampleChange('succeed', before, {
        writes: [userWrite(owner, expectation, 'Asia/Tokyo'), userWrite(unique('owner'), 'absent')],
      });

      expect(await store.commit(change)).toBe('conflict');

      expect(await store.read(before.jobId)).toEqual(before);
      expect(await records.readMany([{ type: 'user', owner, id: '' }])).toMatchObject([
        { version: 1, body: { timeZone: 'Europe/Berlin' } },
      ]);
    });

    test('is lost, not in conflict, when both the row and a record have moved', async () => {
      const { store } = await make();
      const before = await running(store);
      const stale = { ...before, fence: before.fence - 1 };
      const change = sampleChange('succeed', stale, { writes: [userWrite(unique('owner'), 7)] });
      expect(await store.commit(change)).toBe('lost');
    });

    test('keeps a result of over 200 KB', async () => {
      const { store } = await make();
      const before = await running(store);
      const result = { text: 'x'.repeat(300 * 1024) };
      const change = sampleChange('succeed', before, { result });

      expect(await store.commit(change)).toBe('committed');
      expect(await store.result(change.after)).toEqual(result);
    });
  });

  describe(`${name}: recordIntent`, () => {
    test('writes under the fence of the attempt', async () => {
      const { store, records } = await make();
      const row = await running(store);
      const owner = unique('owner');

      expect(await store.recordIntent(row, [userWrite(owner, 'absent')])).toBe('committed');
      expect(await store.recordIntent(row, [userWrite(owner, 1, 'Asia/Tokyo')])).toBe('committed');

      expect(await records.readMany([{ type: 'user', owner, id: '' }])).toMatchObject([
        { version: 2, body: { timeZone: 'Asia/Tokyo' } },
      ]);
    });

    test('is lost when another attempt holds the job, or none does', async () => {
      const { store, records } = await make();
      const owner = unique('owner');
      const row = await running(store);
      const again = addSeconds(NOW, 3600);
      await store.claim({ jobId: row.jobId, generation: 1, now: again, timing: TIMING });

      expect(await store.recordIntent(row, [userWrite(owner, 'absent')])).toBe('lost');

      const ended = await running(store);
      await store.commit(sampleChange('cancel', ended));
      expect(await store.recordIntent(ended, [userWrite(owner, 'absent')])).toBe('lost');
      expect(await records.readMany([{ type: 'user', owner, id: '' }])).toEqual([undefined]);
    });

    test('conflicts over a record of another version', async () => {
      const { store } = await make();
      const row = await running(store);
      expect(await store.recordIntent(row, [userWrite(unique('owner'), 3)])).toBe('conflict');
    });

    test('writes its evidence with the records, or not at all', async () => {
      const { store, audit } = await make();
      const row = await running(store);
      const told = async (expectation: RecordWrite['expect']) => {
        const { audit: entry, row: about } = sampleJob();
        const answer = await store.recordIntent(row, [userWrite(unique('owner'), expectation)], [], [entry]);
        return { answer, entries: (await audit.chain(about.jobId)).map(({ entryId }) => entryId), entry };
      };
      const written = await told('absent');
      expect(written).toMatchObject({ answer: 'committed', entries: [written.entry.entryId] });
      expect(await told(3)).toMatchObject({ answer: 'conflict', entries: [] });
    });
  });
}
