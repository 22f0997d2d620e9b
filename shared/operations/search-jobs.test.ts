import { describe, expect, it } from 'vitest';
import { callerAs, createTestEngine, requestAt, submitted } from '#test/builders/test-engine.ts';
import { testKind } from '#test/builders/test-kinds.ts';
import { searchJobs } from './search-jobs.ts';

const kind = testKind();

describe('a search for the jobs of a user', () => {
  it('finds theirs alone, page by page, and the trail names the patient', async () => {
    const engine = createTestEngine([kind]);
    for (const user_id of ['user-1', 'user-2', 'user-1', 'user-1']) {
      await submitted(engine, kind, { payload: { user_id } });
      engine.time.advance(1);
    }
    const operator = callerAs('operator', 'op-1');
    const found: unknown[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 10; pages += 1) {
      const query = { userId: 'user-1', limit: 2, ...(cursor !== undefined && { cursor }) };
      const { jobs, next_cursor: next } = await searchJobs(engine, operator, query, requestAt(engine));
      if (Array.isArray(jobs)) found.push(...jobs);
      if (typeof next !== 'string') break;
      cursor = next;
    }
    expect(found).toHaveLength(3);
    const [entry] = [...engine.db.audit.values()].filter(({ action }) => action === 'jobs.searched');
    expect(entry).toMatchObject({
      subjectRef: engine.refs.user('user-1'),
      actor: { role: 'operator' },
      details: { count: 2, first_page: true },
    });
  });

  it('narrows by what else is given', async () => {
    const engine = createTestEngine([kind]);
    const row = await submitted(engine, kind, { payload: { user_id: 'user-1' } });
    engine.db.rows.set(row.jobId, { ...row, status: 'failed', errorCode: 'dependency_down' });
    const search = async (errorCode: string) =>
      (
        await searchJobs(
          engine,
          callerAs('admin'),
          { userId: 'user-1', limit: 9, errorCode },
          requestAt(engine),
        )
      )['jobs'];
    expect(await search('dependency_down')).toMatchObject([{ job_id: row.jobId }]);
    expect(await search('other')).toEqual([]);
  });

  it('is for staff', async () => {
    const engine = createTestEngine([kind]);
    for (const role of ['patient', 'clinician', 'analyst'] as const)
      await expect(
        searchJobs(engine, callerAs(role), { userId: 'user-1', limit: 9 }, requestAt(engine)),
      ).rejects.toMatchObject({ code: 'forbidden' });
  });
});
