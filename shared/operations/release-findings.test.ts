import { describe, expect, it } from 'vitest';
import { createChecksBench, INTERACTING, PHARMACIST } from '#test/builders/checks-bench.ts';
import { callerAs, requestAt } from '#test/builders/test-engine.ts';
import { releasable } from '../jobs/interaction-check/release.ts';
import { getJob } from './get-job.ts';
import { releaseFindings } from './release-findings.ts';

const PATIENT = callerAs('patient', 'user-1');

async function setUp(...settings: Parameters<typeof createChecksBench>) {
  const bench = createChecksBench(...settings);
  const { engine } = bench;
  const row = await bench.checked(INTERACTING);
  const ids = releasable(await bench.resultOf(row));
  return {
    ...bench,
    row,
    ids,
    release: (body: Parameters<typeof releaseFindings>[3], caller = PHARMACIST, jobId = row.jobId) =>
      releaseFindings(engine, caller, jobId, body, requestAt(engine)),
    seenBy: async (caller = PATIENT) =>
      JSON.parse(JSON.stringify(await getJob(engine, caller, row.jobId, requestAt(engine)))),
    entries: () => [...engine.db.audit.values()].filter(({ action }) => action === 'findings.released'),
  };
}

describe('a release of findings', () => {
  it('shows the patient and caregivers what is released, and before it nothing', async () => {
    const { release, seenBy, ids } = await setUp();
    expect((await seenBy()).result).toEqual({
      checked: true,
      message: expect.stringContaining('will look at'),
    });
    const [first = ''] = ids;
    const answer = await release({ findings: [first], note: 'Call me.' });
    expect(answer).toMatchObject({ release: { revision: 1, findings: [first], note: 'Call me.' } });
    for (const caller of [PATIENT, callerAs('caregiver', 'carer', ['user-1'])]) {
      const seen = await seenBy(caller);
      expect(seen.result.released).toMatchObject({
        by: 'pharmacist',
        findings: [{ id: first }],
        note: 'Call me.',
      });
      // What tells of the whole result stays with professionals.
      for (const member of ['summary', 'outcome', 'release']) expect(seen).not.toHaveProperty(member);
    }
    expect(await seenBy(PHARMACIST)).toMatchObject({ release: { revision: 1, note: 'Call me.' } });
    expect(await seenBy(callerAs('operator', 'op'))).not.toHaveProperty('release');
  });

  it('of all names every finding that the result lists', async () => {
    const { release, ids } = await setUp();
    expect(await release({ findings: 'all' })).toMatchObject({ release: { findings: ids } });
  });

  it('repeated changes nothing and is recorded as a read; another one replaces it', async () => {
    const { release, seenBy, ids, entries, engine, row } = await setUp();
    const first = await release({ findings: 'all', note: 'One.' });
    engine.time.advance(60);
    expect(await release({ findings: [...ids].reverse(), note: 'One.' })).toEqual(first);
    expect(entries()).toHaveLength(1);
    const last = [...engine.db.audit.values()].at(-1);
    expect(last).toMatchObject({ action: 'job.read', subjectRef: row.userRef, details: { repeated: true } });
    const [only = ''] = ids;
    expect(await release({ findings: [only] })).toMatchObject({ release: { revision: 2 } });
    expect(entries()).toHaveLength(2);
    const { released } = (await seenBy()).result;
    expect(released.findings.map(({ id }: { id: string }) => id)).toEqual([only]);
    expect(released).not.toHaveProperty('note');
  });

  it('leaves an audit entry with counts only', async () => {
    const { release, entries, row, ids } = await setUp();
    await release({ findings: 'all', note: 'A note about warfarin.' });
    expect(entries()).toMatchObject([
      {
        jobId: row.jobId,
        subjectRef: row.userRef,
        actor: { role: 'pharmacist' },
        details: { revision: 1, findings: ids.length, of_findings: ids.length, with_note: true },
      },
    ]);
    expect(JSON.stringify(entries())).not.toMatch(/warfarin|simvastatin|Zocor/);
  });

  it('is refused where the deployer has not allowed it, and what was released is not shown any more', async () => {
    const off = await setUp({});
    await expect(off.release({ findings: 'all' })).rejects.toMatchObject({ code: 'release_not_enabled' });
    const on = await setUp();
    await on.release({ findings: 'all' });
    const later = await getJob({ ...on.engine, settings: {} }, PATIENT, on.row.jobId, requestAt(on.engine));
    expect(later['result']).not.toHaveProperty('released');
  });

  it.each([
    ['the patient', PATIENT],
    ['a caregiver', callerAs('caregiver', 'carer', ['user-1'])],
    ['a pharmacist of others', callerAs('pharmacist', 'other', ['user-2'])],
    ['a service', callerAs('service', 'client')],
    ['an admin', callerAs('admin', 'ad')],
  ])('is not for %s', async (_, caller) => {
    const { release, entries } = await setUp();
    await expect(release({ findings: 'all' }, caller)).rejects.toMatchObject({ code: 'not_found' });
    expect(entries()).toEqual([]);
  });

  it('names only findings of that check', async () => {
    const { release, ids } = await setUp();
    await expect(release({ findings: [ids[0] ?? '', 'another/x+y'] })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/findings/1', code: 'unknown_finding' }],
    });
  });

  it('never tells that nothing was found', async () => {
    const { release, checked, engine } = await setUp();
    const none = await checked(['warfarin']);
    await expect(release({ findings: 'all' }, PHARMACIST, none.jobId)).rejects.toMatchObject({
      code: 'state_conflict',
    });
    expect(engine.db.releases.size).toBe(0);
  });

  it('is for interaction checks that have succeeded', async () => {
    const { release, engine, row } = await setUp();
    engine.db.putRow({ ...row, status: 'failed' });
    await expect(release({ findings: 'all' })).rejects.toMatchObject({ code: 'state_conflict' });
    engine.db.putRow({ ...row, kind: 'refill-check' });
    await expect(release({ findings: 'all' })).rejects.toMatchObject({ code: 'state_conflict' });
  });

  it('gives up with a clear answer when others keep releasing', async () => {
    const { engine, row } = await setUp();
    const busy = { ...engine, releases: { ...engine.releases, put: async () => false } };
    await expect(
      releaseFindings(busy, PHARMACIST, row.jobId, { findings: 'all' }, requestAt(engine)),
    ).rejects.toMatchObject({ code: 'state_conflict' });
  });
});
