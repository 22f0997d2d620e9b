import { describe, expect, test } from 'vitest';
import type { Log } from '#shared/operations/ports.ts';

/** One line as a reader of the log sees it; `level` in lower case. */
export interface SeenLine {
  readonly level: string;
  readonly event: string;
  /** What else stands on the line, as far as the log's own frame does not write it. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What every Log promises. @param make a log, and a function that gives the lines written to it */
export function logContract(
  name: string,
  make: () => { readonly log: Log; readonly seen: () => readonly SeenLine[] },
): void {
  describe(`${name}: a log`, () => {
    test('writes a line per call, in order, with level, event and fields', () => {
      const { log, seen } = make();
      log.info('job.accepted', { job_id: 'job-1', count: 0, kind: 'backup' });
      log.warn('job.enqueue_failed', { reason: 'not_taken' });
      log.error('request.failed');
      expect(seen()).toEqual([
        { level: 'info', event: 'job.accepted', fields: { job_id: 'job-1', count: 0, kind: 'backup' } },
        { level: 'warn', event: 'job.enqueue_failed', fields: { reason: 'not_taken' } },
        { level: 'error', event: 'request.failed', fields: {} },
      ]);
    });

    test('drops what is not on the allow-list, what is absent, and what is no plain value', () => {
      const { log, seen } = make();
      // A caller without types could pass such things.
      const careless = { job_id: 'job-1', user_id: 'user-1', body: 'text', kind: undefined, reason: {} };
      log.info('job.accepted', careless as never);
      expect(seen()).toEqual([{ level: 'info', event: 'job.accepted', fields: { job_id: 'job-1' } }]);
    });
  });
}
