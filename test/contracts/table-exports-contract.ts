import { describe, expect, test } from 'vitest';
import type { TableExports } from '#shared/jobs/ports.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { unique } from './sample-jobs.ts';

export interface ExportsUnderTest {
  readonly exports: TableExports;
  readonly now: () => string;
  /** Lets what has begun end. */
  readonly end: () => Promise<void>;
  /** Items that the table `records` holds. */
  readonly items: number;
}

/** What DynamoDB's own exports promise. */
export function tableExportsContract(name: string, make: () => Promise<ExportsUnderTest>): void {
  const order = (token: string) => ({ table: 'records', prefix: `backups/${token}/records`, token });

  describe(`${name}: exports of tables`, () => {
    test('run until they have ended, and tell then which moment they show and of how many items', async () => {
      const { exports, end, now, items } = await make();
      const before = now();
      const arn = await exports.begin(order(unique('token')));
      expect(arn).toMatch(/:table\/[^/]+\/export\/[\w-]+$/);
      expect(await exports.look(arn)).toEqual({ status: 'running' });
      await end();
      const found = await exports.look(arn);
      expect(found).toEqual({ status: 'completed', exportedAt: expect.any(String), items });
      const { exportedAt } = found as { exportedAt: string };
      expect(exportedAt >= before && exportedAt <= addSeconds(now(), 2)).toBe(true);
    });

    test('asked for with the same token are the same, with another one others', async () => {
      const { exports } = await make();
      const [token, other] = [unique('token'), unique('token')];
      const arn = await exports.begin(order(token));
      expect(await exports.begin(order(token))).toBe(arn);
      expect(await exports.begin(order(other))).not.toBe(arn);
    });

    test('that DynamoDB does not know have failed', async () => {
      const { exports } = await make();
      const arn = await exports.begin(order(unique('token')));
      const unknown = arn.replace(/\/export\/.*/, '/export/01600000000000-00000000');
      expect(await exports.look(unknown)).toEqual({ status: 'failed', code: 'ExportNotFoundException' });
    });
  });
}
