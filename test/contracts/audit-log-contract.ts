import { describe, expect, test } from 'vitest';
import type { AuditLog } from '#shared/operations/ports.ts';
import { NOW, sampleEntry, sampleJobId, unique } from './sample-jobs.ts';

/** What every AuditLog promises. */
export function auditLogContract(name: string, make: () => Promise<{ audit: AuditLog }>): void {
  describe(`${name}: audit log`, () => {
    test('gives a chain in the order of its places, whatever the order of its writes', async () => {
      const { audit } = await make();
      const jobId = sampleJobId();
      const entries = Array.from({ length: 12 }, (_, index) =>
        sampleEntry({ jobId, seq: index + 1, prevHash: '0'.repeat(64), entryId: unique('entry') }),
      );
      for (const entry of entries.toReversed()) await audit.put(entry);

      expect(await audit.chain(jobId)).toEqual(entries);
      expect(await audit.entry(jobId, 12)).toEqual(entries.at(-1));
      expect(await audit.entry(jobId, 13)).toBeUndefined();
    });

    test('never overwrites: the first entry of a place stands', async () => {
      const { audit } = await make();
      const jobId = sampleJobId();
      const first = sampleEntry({ jobId, seq: 1, action: 'job.accepted' });
      await audit.put(first);
      await audit.put({ ...first, entryId: unique('entry'), action: 'job.cancelled' });

      expect(await audit.chain(jobId)).toEqual([first]);
    });

    test('takes an entry twice without an error, gathered refusals too', async () => {
      const { audit } = await make();
      const single = sampleEntry({ subjectRef: unique('user') });
      const gathered = sampleEntry({ at: NOW, entryId: `refusal#${NOW}#${unique('reason')}` });
      for (const entry of [single, single, gathered, gathered])
        await expect(audit.put(entry)).resolves.toBeUndefined();
    });

    test('takes the entries of a list together, more than one transaction holds as well', async () => {
      const { audit } = await make();
      const jobId = sampleJobId();
      const entries = Array.from({ length: 101 }, (_, index) =>
        sampleEntry({ jobId, seq: index + 1, prevHash: '0'.repeat(64), entryId: unique('entry') }),
      );
      await audit.putAll(entries);
      await audit.putAll([]);

      expect(await audit.chain(jobId)).toEqual(entries);
    });

    test('keeps entries about a job that are no part of its chain out of the chain', async () => {
      const { audit } = await make();
      const jobId = sampleJobId();
      await audit.put(sampleEntry({ jobId, action: 'request.refused' }));
      expect(await audit.chain(jobId)).toEqual([]);
    });
  });
}
