import { describe, expect, test } from 'vitest';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import { type CommitPorts, running } from './job-commit-contract.ts';
import { NOW, sampleChange, sampleJob, TIMING, unique } from './sample-jobs.ts';

/** What every JobStore promises of the one line that tells of a result. */
export function jobSummariesContract(name: string, make: () => Promise<CommitPorts>): void {
  describe(`${name}: summaries`, () => {
    const readNow = async (store: JobStore, { jobId }: JobRow): Promise<JobRow> => {
      const row = await store.read(jobId);
      if (!row) throw new Error('A sample job is gone.');
      return row;
    };

    test.each([
      ['a patient', {}],
      ['no single patient', { userRef: undefined }],
    ])('of a job about %s is read sealed, and opens to what was committed', async (_, about) => {
      const { store } = await make();
      const sample = sampleJob();
      const { userRef, ...others } = sample.row;
      const whose = 'userRef' in about || userRef === undefined ? {} : { userRef };
      await store.accept({ ...sample, row: { ...others, ...whose } });
      const claim = await store.claim({ jobId: others.jobId, generation: 1, now: NOW, timing: TIMING });
      if (!('row' in claim)) throw new Error('The sample job could not be claimed.');
      const change = sampleChange('succeed', claim.row, { result: {}, summary: 'out, 0 days' });

      expect(await store.commit(change)).toBe('committed');

      const row = await readNow(store, claim.row);
      const { summary, ...rest } = row;
      expect(rest).toEqual(change.after);
      expect(summary).toBeInstanceOf(Uint8Array);
      expect(Buffer.from(summary ?? []).toString('latin1')).not.toContain('0 days');
      expect(await store.summaries([row])).toEqual(new Map([[row.jobId, 'out, 0 days']]));
    });

    test('of several rows open together; rows without one are left out', async () => {
      const { store } = await make();
      const texts = ['soon, 12 days', 'published', ''];
      const done = await Promise.all(
        texts.map(async (summary) => {
          const before = await running(store);
          await store.commit(sampleChange('succeed', before, { summary }));
          return readNow(store, before);
        }),
      );
      const without = await running(store);

      const opened = await store.summaries([without, ...done]);

      expect(opened).toEqual(new Map(done.map((row, index) => [row.jobId, texts[index]])));
      expect(await store.summaries([without])).toEqual(new Map());
    });

    test('stay through changes that leave them and go with one that drops them', async () => {
      const { store } = await make();
      const before = await running(store);
      await store.commit(sampleChange('fail', before, { summary: 'half done' }));
      const failed = await readNow(store, before);
      await store.touch(failed, { checkAt: NOW, checks: 1 });
      const redrive = sampleChange('redrive', failed, { set: { checkAt: NOW } });
      await store.commit(redrive);
      const queued = await readNow(store, before);
      expect(await store.summaries([queued])).toEqual(new Map([[queued.jobId, 'half done']]));

      const { summary, ...after } = sampleChange('cancel', queued).after;
      expect(summary).toBeInstanceOf(Uint8Array);
      await store.commit({ ...sampleChange('cancel', queued), after });

      const cancelled = await readNow(store, before);
      expect(cancelled).not.toHaveProperty('summary');
      expect(await store.summaries([cancelled])).toEqual(new Map());
    });

    test('do not open on the row of another job, not even of the same user', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const own = await running(store, { userRef });
      await store.commit(sampleChange('succeed', own, { summary: 'out, 0 days' }));
      const { summary } = await readNow(store, own);
      const other = { ...(await running(store, { userRef })), ...(summary && { summary }) };
      await expect(store.summaries([other])).rejects.toThrow();
    });
  });

  describe(`${name}: the record that a job answers for`, () => {
    /** A running job with the occurrence that it answers for, which a job before it has left. */
    async function answering() {
      const ports = await make();
      const [userRef, id] = [unique('user'), unique('occurrence')];
      const state = { status: 'scheduled' as const, dueAt: NOW, scheduleRevision: 1, reason: null };
      const body = { userId: 'u', medicationId: 'm', localTime: '08:00', timeZone: 'UTC', slots: ['08:00'] };
      const write = { type: 'occurrence' as const, owner: userRef, id, expect: 'any' as const, state, body };
      await ports.store.commit(sampleChange('succeed', await running(ports.store), { writes: [write] }));
      const before = await running(ports.store, { userRef, answersFor: { id, revision: 1 } });
      const closed = { ...state, status: 'not_sent' as const, reason: 'delivery_failed' };
      return { ...ports, before, write, closing: { owner: userRef, id, expect: 1, state: closed } };
    }

    test('is told without its body, and stays with the row', async () => {
      const { store, before, write } = await answering();
      expect((await store.read(before.jobId))?.answersFor).toEqual({ id: write.id, revision: 1 });
      expect(await store.answeredRecord(before)).toEqual({ version: 1, state: write.state });
    });

    test('is nothing when none stands, or the job answers for none', async () => {
      const { store, before } = await answering();
      const gone = { ...before, answersFor: { id: unique('occurrence'), revision: 1 } };
      expect(await store.answeredRecord(gone)).toBeUndefined();
      expect(await store.answeredRecord(await running(store))).toBeUndefined();
    });

    test('is closed with the job, and its body can still be read', async () => {
      const { store, records, before, write, closing } = await answering();
      expect(await store.commit(sampleChange('fail', before, { closing }))).toBe('committed');
      expect(await store.answeredRecord(before)).toEqual({ version: 2, state: closing.state });
      expect(await records.readMany([write])).toEqual([
        { type: 'occurrence', id: write.id, version: 2, state: closing.state, body: write.body },
      ]);
    });

    test('of another version is a conflict, and the job does not end', async () => {
      const { store, before, write, closing } = await answering();
      const stale = { ...closing, expect: 7 };
      expect(await store.commit(sampleChange('fail', before, { closing: stale }))).toBe('conflict');
      expect(await store.read(before.jobId)).toEqual(before);
      expect(await store.answeredRecord(before)).toEqual({ version: 1, state: write.state });
    });

    test('is left alone when the job has moved', async () => {
      const { store, before, write, closing } = await answering();
      const late = { ...before, fence: before.fence - 1 };
      expect(await store.commit(sampleChange('fail', late, { closing }))).toBe('lost');
      expect(await store.answeredRecord(before)).toEqual({ version: 1, state: write.state });
    });
  });
}
