import { describe, expect, test } from 'vitest';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import type { AuditLog, IdempotencyClaim, JobStore } from '#shared/operations/ports.ts';
import { NOW, sampleChange, sampleJob, TIMING, unique } from './sample-jobs.ts';

const claimOf = (keyRef: string, jobId: string, fingerprint = 'same-body'): IdempotencyClaim => ({
  keyRef,
  fingerprint,
  expiresAt: addSeconds(NOW, 24 * 3600),
  answer: { job_id: jobId, status: 'queued' },
});

/** What every JobStore promises of the accepting transaction. */
export function jobAcceptContract(
  name: string,
  make: () => Promise<{ store: JobStore; audit: AuditLog }>,
): void {
  describe(`${name}: accept`, () => {
    test('makes row, payload and the first audit entry', async () => {
      const { store, audit } = await make();
      const job = sampleJob({}, { name: 'Ärzte', list: [1, 2.5, null, { deep: true }], empty: '' });

      expect(await store.accept(job)).toEqual({ accepted: true });

      expect(await store.read(job.row.jobId)).toEqual(job.row);
      expect(await store.payload(job.row)).toEqual(job.payload);
      expect(await audit.chain(job.row.jobId)).toEqual([job.audit]);
    });

    test('keeps the first of two jobs with one id', async () => {
      const { store, audit } = await make();
      const job = sampleJob({}, { from: 'first' });
      const again = sampleJob({ jobId: job.row.jobId, kind: 'backup' }, { from: 'second' });
      await store.accept(job);

      expect(await store.accept(again)).toEqual({ accepted: false, exists: true });

      expect(await store.read(job.row.jobId)).toEqual(job.row);
      expect(await store.payload(job.row)).toEqual({ from: 'first' });
      expect(await audit.chain(job.row.jobId)).toEqual([job.audit]);
    });

    test('tells a repetition the first answer and makes no second job', async () => {
      const { store } = await make();
      const [first, second] = [sampleJob(), sampleJob()];
      const keyRef = unique('key');
      await store.accept(first, claimOf(keyRef, first.row.jobId));

      const answer = await store.accept(second, claimOf(keyRef, second.row.jobId, 'other-body'));

      expect(answer).toEqual({
        accepted: false,
        taken: { fingerprint: 'same-body', answer: { job_id: first.row.jobId, status: 'queued' } },
      });
      expect(await store.read(second.row.jobId)).toBeUndefined();
    });

    test('knows the first answer of a key while it lives', async () => {
      const { store } = await make();
      const job = sampleJob();
      const keyRef = unique('key');
      await store.accept(job, claimOf(keyRef, job.row.jobId));

      expect(await store.answered(keyRef, addSeconds(NOW, 3600))).toEqual({
        fingerprint: 'same-body',
        answer: { job_id: job.row.jobId, status: 'queued' },
      });
      expect(await store.answered(keyRef, addSeconds(NOW, 24 * 3600))).toBeUndefined();
      expect(await store.answered(unique('key'), NOW)).toBeUndefined();
    });

    test('makes one job of five at once with one key, and every loser learns the winner', async () => {
      const { store } = await make();
      const jobs = Array.from({ length: 5 }, () => sampleJob());
      const keyRef = unique('key');

      const answers = await Promise.all(jobs.map((job) => store.accept(job, claimOf(keyRef, job.row.jobId))));

      const winner = jobs.filter((_, index) => answers[index]?.accepted);
      expect(winner).toHaveLength(1);
      const losers = answers.filter((answer) => !answer.accepted);
      expect(losers).toEqual(
        Array.from({ length: 4 }, () => ({
          accepted: false,
          taken: { fingerprint: 'same-body', answer: { job_id: winner[0]?.row.jobId, status: 'queued' } },
        })),
      );
      const rows = await store.readMany(jobs.map((job) => job.row.jobId));
      expect(rows.filter((row) => row !== undefined)).toEqual([winner[0]?.row]);
    });

    test('gives a key away again when its time is over', async () => {
      const { store } = await make();
      const keyRef = unique('key');
      const first = sampleJob();
      const claim = claimOf(keyRef, first.row.jobId);
      await store.accept(first, claim);

      const later = sampleJob({ createdAt: claim.expiresAt });
      const answer = await store.accept(later, {
        ...claimOf(keyRef, later.row.jobId),
        expiresAt: addSeconds(claim.expiresAt, 60),
      });

      expect(answer).toEqual({ accepted: true });
      expect(await store.read(later.row.jobId)).toEqual(later.row);
    });

    test('takes no more open jobs of a user than the limit says, and another one for each that has ended', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const counted = () => sampleJob({ userRef, counted: true });
      const [first, second] = [counted(), counted()];
      expect(await store.accept(first, undefined, 2)).toEqual({ accepted: true });
      // The same once more, as after an answer that got lost, is not counted twice.
      await store.accept(first, undefined, 2);
      expect(await store.accept(second, undefined, 2)).toEqual({ accepted: true });

      const third = counted();
      expect(await store.accept(third, undefined, 2)).toEqual({ accepted: false, full: true });
      expect(await store.read(third.row.jobId)).toBeUndefined();
      expect(await store.accept(sampleJob({ userRef }), undefined, 2)).toEqual({ accepted: true });
      expect(await store.accept(sampleJob({ counted: true }), undefined, 2)).toEqual({ accepted: true });

      const ended = sampleChange('cancel', first.row);
      expect(await store.commit(ended)).toBe('committed');
      expect(await store.commit(ended)).not.toBe('conflict');
      expect(await store.accept(third, undefined, 2)).toEqual({ accepted: true });
      expect(await store.accept(counted(), undefined, 2)).toEqual({ accepted: false, full: true });
      expect(await store.read(first.row.jobId)).not.toHaveProperty('counted');
      expect(await store.read(third.row.jobId)).toHaveProperty('counted', true);
    });

    test('counts nothing that stays open, and nothing twice when a person retries', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const job = sampleJob({ userRef, counted: true });
      await store.accept(job, undefined, 1);
      await store.claim({ jobId: job.row.jobId, generation: 1, now: NOW, timing: TIMING });
      const full = () => store.accept(sampleJob({ userRef, counted: true }), undefined, 1);
      expect(await full()).toEqual({ accepted: false, full: true });
      const running = (await store.read(job.row.jobId)) ?? job.row;
      const retrying = sampleChange('retryLater', running);
      expect(await store.commit(retrying)).toBe('committed');
      expect(await full()).toEqual({ accepted: false, full: true });
      const buried = sampleChange('bury', retrying.after);
      expect(await store.commit(buried)).toBe('committed');
      const redriven = sampleChange('redrive', buried.after, { set: { checkAt: NOW, generation: 2 } });
      expect(await store.commit(redriven)).toBe('committed');
      expect(await full()).toEqual({ accepted: true });
      await store.commit(sampleChange('cancel', redriven.after));
      expect(await full()).toEqual({ accepted: false, full: true });
    });

    test('counts a job that is retried and marked once more, while there is room, until it ends again', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const job = sampleJob({ userRef, counted: true });
      await store.accept(job, undefined, 1);
      await store.claim({ jobId: job.row.jobId, generation: 1, now: NOW, timing: TIMING });
      const failed = sampleChange('fail', (await store.read(job.row.jobId)) ?? job.row);
      await store.commit(failed);
      const set = { checkAt: NOW, generation: 2, counted: true as const };
      const redriven = sampleChange('redrive', failed.after, { openLimit: 1, set });
      const other = sampleJob({ userRef, counted: true });
      await store.accept(other, undefined, 1);
      expect(await store.commit(redriven)).toBe('full');
      expect(await store.read(job.row.jobId)).toEqual(failed.after);

      await store.commit(sampleChange('cancel', other.row));
      expect(await store.commit(redriven)).toBe('committed');
      // The same once more, as after an answer that got lost, is not counted twice.
      await store.commit(redriven);
      expect(await store.openCounts([userRef, unique('user')])).toEqual(
        new Map([
          [userRef, 1],
          [expect.stringMatching(/^user-/), 0],
        ]),
      );
      expect(await store.read(job.row.jobId)).toHaveProperty('counted', true);
      const cancelled = sampleChange('cancel', redriven.after);
      await store.commit(cancelled);
      await store.commit(cancelled);
      expect((await store.openCounts([userRef])).get(userRef)).toBe(0);
    });

    test('answers a known key also when there is no room', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const keyRef = unique('key');
      const [job, again] = [sampleJob({ userRef, counted: true }), sampleJob({ userRef, counted: true })];
      await store.accept(job, claimOf(keyRef, job.row.jobId), 1);
      expect(await store.accept(again, claimOf(keyRef, again.row.jobId), 1)).toMatchObject({
        accepted: false,
        taken: { answer: { job_id: job.row.jobId } },
      });
    });

    test('reads many rows in the order asked for, also twice the same, with a gap where none stands', async () => {
      const { store } = await make();
      const jobs = Array.from({ length: 3 }, () => sampleJob());
      for (const job of jobs) await store.accept(job);
      const [a, b, c] = jobs.map((job) => job.row);

      const rows = await store.readMany([c, a, undefined, b, a].map((row) => row?.jobId ?? 'NO-SUCH-JOB'));

      expect(rows).toEqual([c, a, undefined, b, a]);
    });
  });
}
