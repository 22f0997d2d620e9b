import { describe, expect, test } from 'vitest';
import type { Release } from '#shared/jobs/ports.ts';
import type { JobStore } from '#shared/operations/ports.ts';
import type { ReleaseStore } from '#shared/operations/recall-ports.ts';
import { running } from './job-commit-contract.ts';
import { NOW, sampleChange, sampleEntry } from './sample-jobs.ts';

export interface ReleasePorts {
  readonly store: JobStore;
  readonly releases: ReleaseStore;
}

const FIRST: Release = {
  revision: 1,
  releasedAt: NOW,
  role: 'pharmacist',
  findings: ['rule-a/x+y', 'rule-b/z'],
  note: 'Take them two hours apart.\nCall me.',
};

/** What every ReleaseStore promises. */
export function releaseStoreContract(name: string, make: () => Promise<ReleasePorts>): void {
  async function succeeded(store: JobStore) {
    const change = sampleChange('succeed', await running(store), { result: { fine: true } });
    await store.commit(change);
    return change.after;
  }

  describe(`${name}: what was released of a result`, () => {
    test('is nothing at first, and then what was put', async () => {
      const { store, releases } = await make();
      const row = await succeeded(store);
      expect(await releases.read(row)).toBeUndefined();
      expect(await releases.put(row, undefined, FIRST, sampleEntry())).toBe(true);
      expect(await releases.read(row)).toEqual(FIRST);
    });

    test('is replaced as a whole', async () => {
      const { store, releases } = await make();
      const row = await succeeded(store);
      await releases.put(row, undefined, FIRST, sampleEntry());
      const { note: _note, ...bare } = FIRST;
      const second: Release = { ...bare, revision: 2, findings: ['rule-b/z'], role: 'clinician' };
      expect(await releases.put(row, FIRST, second, sampleEntry())).toBe(true);
      expect(await releases.read(row)).toEqual(second);
    });

    test('is left alone when another release came between', async () => {
      const { store, releases } = await make();
      const row = await succeeded(store);
      await releases.put(row, undefined, FIRST, sampleEntry());
      const late = { ...FIRST, revision: 1, findings: ['rule-c/q'] };
      expect(await releases.put(row, undefined, late, sampleEntry())).toBe(false);
      expect(
        await releases.put(row, { ...FIRST, revision: 7 }, { ...late, revision: 8 }, sampleEntry()),
      ).toBe(false);
      expect(await releases.read(row)).toEqual(FIRST);
    });

    test('of one job is not that of another', async () => {
      const { store, releases } = await make();
      const [row, other] = [await succeeded(store), await succeeded(store)];
      await releases.put(row, undefined, FIRST, sampleEntry());
      expect(await releases.read(other)).toBeUndefined();
    });
  });
}
