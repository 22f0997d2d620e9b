import { describe, expect, test } from 'vitest';
import { LINES_PER_CHUNK } from '#shared/jobs/intake/plan-chunks.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import type { ParentChange } from '#shared/operations/ports.ts';
import { type CommitPorts, running } from './job-commit-contract.ts';
import { sampleChange, sampleJob, unique } from './sample-jobs.ts';

/** A parent that waits for that many children. */
async function waiting(ports: CommitPorts, openChildren: number): Promise<JobRow> {
  const before = await running(ports.store);
  const change = sampleChange('wait', before, { set: { openChildren, children: ['a', 'b'] } });
  await ports.store.commit(change);
  return change.after;
}

const countdown = (before: JobRow): ParentChange => ({
  before,
  after: { ...before, openChildren: (before.openChildren ?? 0) - 1 },
});

const lastCountdown = (before: JobRow): ParentChange => {
  const { after, audit } = sampleChange('childrenDone', before, { set: { openChildren: 0, round: 1 } });
  return { before, after, audit };
};

/** What every JobStore promises of jobs that make jobs and of jobs that wait for them. */
export function jobFamilyContract(name: string, make: () => Promise<CommitPorts>): void {
  describe(`${name}: children`, () => {
    test('are made with their parent’s change, row, payload and entry each', async () => {
      const { store, audit } = await make();
      const before = await running(store);
      const children = [sampleJob({}, { part: 1 }), sampleJob({}, { part: 2 })];

      expect(await store.commit(sampleChange('wait', before, { children }))).toBe('committed');

      for (const child of children) {
        expect(await store.read(child.row.jobId)).toEqual(child.row);
        expect(await store.payload(child.row)).toEqual(child.payload);
        expect(await audit.chain(child.row.jobId)).toEqual([child.audit]);
      }
    });

    test('that stand already stay as they are, and the others are made', async () => {
      const { store, audit } = await make();
      const first = sampleJob({}, { part: 1 });
      await store.accept(first);
      const again = sampleJob({ jobId: first.row.jobId }, { part: 'again' });
      const second = sampleJob({}, { part: 2 });
      const before = await running(store);
      const change = sampleChange('wait', before, { children: [again, second] });

      expect(await store.commit(change)).toBe('committed');

      expect(await store.read(before.jobId)).toEqual(change.after);
      expect(await store.read(first.row.jobId)).toEqual(first.row);
      expect(await store.payload(first.row)).toEqual({ part: 1 });
      expect(await audit.chain(first.row.jobId)).toEqual([first.audit]);
      expect(await store.payload(second.row)).toEqual({ part: 2 });
    });

    test('that are counted are so once for each that is made, and not made where a user has no room', async () => {
      const { store } = await make();
      const [one, other] = [unique('user'), unique('user')];
      const child = (userRef: string) => sampleJob({ userRef, counted: true });
      const standing = child(one);
      await store.accept(standing, undefined, 3);
      const children = [standing, child(one), child(one), child(other), sampleJob({ userRef: one })];
      const before = await running(store);
      const counts = async () => [...(await store.openCounts([one, other])).values()];

      const full = sampleChange('wait', before, { children, openLimit: 2 });
      expect(await store.commit(full)).toBe('full');
      expect(await counts()).toEqual([1, 0]);
      expect(await store.read(before.jobId)).toEqual(before);
      expect(await store.commit(sampleChange('wait', before, { children, openLimit: 3 }))).toBe('committed');
      expect(await counts()).toEqual([3, 1]);
    });

    test('that are more than a limit leaves room for are not made for a user without any job', async () => {
      const { store } = await make();
      const userRef = unique('user');
      const children = [1, 2].map(() => sampleJob({ userRef, counted: true }));
      const change = sampleChange('wait', await running(store), { children, openLimit: 1 });
      expect(await store.commit(change)).toBe('full');
    });

    test('of as many users as a chunk of an import has lines fit into the transaction of an end', async () => {
      const ports = await make();
      const { store } = ports;
      const parent = await waiting(ports, 1);
      const children = Array.from({ length: LINES_PER_CHUNK }, () => sampleJob({ counted: true }));
      const change = sampleChange('succeed', await running(store), {
        children,
        openLimit: 1,
        result: { lines: children.length },
        summary: 'twenty',
        parent: lastCountdown(parent),
      });
      expect(await store.commit(change)).toBe('committed');
      const rows = await store.readMany(children.map(({ row }) => row.jobId));
      expect(rows).toEqual(children.map(({ row }) => row));
    });

    test('are not made when the change is lost', async () => {
      const { store } = await make();
      const before = await running(store);
      const child = sampleJob();
      const change = sampleChange('wait', { ...before, fence: 9 }, { children: [child] });

      expect(await store.commit(change)).toBe('lost');
      expect(await store.read(child.row.jobId)).toBeUndefined();
    });
  });

  describe(`${name}: a waiting parent`, () => {
    test('is counted down by its child’s last change', async () => {
      const ports = await make();
      const parent = await waiting(ports, 2);
      const change = sampleChange('succeed', await running(ports.store), { parent: countdown(parent) });

      expect(await ports.store.commit(change)).toBe('committed');
      expect(await ports.store.read(parent.jobId)).toEqual({ ...parent, openChildren: 1 });
    });

    test('goes back into its queue with the last one, with an entry of its own', async () => {
      const ports = await make();
      const parent = await waiting(ports, 1);
      const last = lastCountdown(parent);
      const change = sampleChange('succeed', await running(ports.store), { parent: last });

      expect(await ports.store.commit(change)).toBe('committed');
      expect(await ports.store.read(parent.jobId)).toEqual(last.after);
      expect((await ports.audit.chain(parent.jobId)).at(-1)).toEqual(last.audit);
    });

    test('that has moved is a conflict, and the child’s change is not written', async () => {
      const ports = await make();
      const parent = await waiting(ports, 2);
      const child = await running(ports.store);
      const stale = { ...parent, openChildren: 3 };

      const answer = await ports.store.commit(sampleChange('succeed', child, { parent: countdown(stale) }));

      expect(answer).toBe('conflict');
      expect(await ports.store.read(child.jobId)).toEqual(child);
      expect(await ports.store.read(parent.jobId)).toEqual(parent);
    });

    test('that was cancelled is a conflict', async () => {
      const ports = await make();
      const parent = await waiting(ports, 2);
      await ports.store.commit(sampleChange('cancel', parent));
      const child = await running(ports.store);

      const answer = await ports.store.commit(sampleChange('succeed', child, { parent: countdown(parent) }));

      expect(answer).toBe('conflict');
      expect(await ports.store.read(child.jobId)).toEqual(child);
    });

    test('is counted once when two children end at the same moment', async () => {
      const ports = await make();
      const parent = await waiting(ports, 2);
      const children = [await running(ports.store), await running(ports.store)];

      const answers = await Promise.all(
        children.map((child) =>
          ports.store.commit(sampleChange('succeed', child, { parent: countdown(parent) })),
        ),
      );

      expect(answers.toSorted()).toEqual(['committed', 'conflict']);
      expect(await ports.store.read(parent.jobId)).toMatchObject({ openChildren: 1 });
    });
  });
}
