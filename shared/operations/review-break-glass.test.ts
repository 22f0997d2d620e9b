import { describe, expect, it } from 'vitest';
import { callerAs, counted, createTestEngine, requestAt } from '#test/builders/test-engine.ts';
import { opened } from '#test/contracts/sample-grants.ts';
import { listBreakGlass } from './list-break-glass.ts';
import { measureBreakGlass } from './measure-break-glass.ts';
import { getBreakGlass, reviewBreakGlass, revokeBreakGlass } from './review-break-glass.ts';

const AUDITOR = callerAs('auditor', 'a1');
const ADMIN = callerAs('admin', 'ad1');
const BODY = { verdict: 'justified', note: 'Confirmed.' } as const;
const HOURS = 3_600;

async function bench() {
  const engine = createTestEngine([]);
  const grant = await opened(engine.breakGlass, {
    grantedAt: engine.time.now(),
    actorRef: engine.refs.actor('d1'),
    userRef: engine.refs.user('p1'),
  });
  const review = (caller = AUDITOR, body: Parameters<typeof reviewBreakGlass>[2]['body'] = BODY) =>
    reviewBreakGlass(engine, caller, { grantId: grant.grantId, body }, requestAt(engine));
  const revoke = (caller = ADMIN) => revokeBreakGlass(engine, caller, grant.grantId, requestAt(engine));
  const stored = () => engine.db.breakGlass.get(grant.grantId);
  const actions = () => [...engine.db.audit.values()].map(({ action }) => action).slice(2);
  return { engine, grant, review, revoke, stored, actions };
}

describe('a review', () => {
  it('is by somebody else than its holder', async () => {
    const { review, stored } = await bench();
    await expect(review(callerAs('admin', 'd1'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(review(callerAs(['auditor', 'clinician'], 'd1'))).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(stored()?.grant.review).toBeUndefined();
  });

  it('is for auditors and admins', async () => {
    const { review } = await bench();
    for (const role of [
      'patient',
      'caregiver',
      'clinician',
      'pharmacist',
      'analyst',
      'operator',
      'service',
    ] as const)
      await expect(review(callerAs(role, 'x'))).rejects.toMatchObject({ code: 'forbidden' });
    expect(await review(ADMIN)).toMatchObject({ status: 'reviewed' });
  });

  it('stays as it was given: the same again changes nothing and is a read, another one is refused', async () => {
    const { review, actions } = await bench();
    const first = await review();
    expect(await review()).toEqual(first);
    await expect(review(AUDITOR, { ...BODY, note: 'Other.' })).rejects.toMatchObject({
      code: 'state_conflict',
    });
    await expect(review(ADMIN)).rejects.toMatchObject({ code: 'state_conflict' });
    expect(actions()).toEqual(['break_glass.reviewed', 'break_glass.read']);
  });

  it('ends a grant that was not justified, and leaves one that was', async () => {
    const { engine, review, stored } = await bench();
    await review(AUDITOR, { ...BODY, verdict: 'not_justified' });
    expect(stored()?.grant.endedAt).toBe(engine.time.now());
    const other = await bench();
    await other.review();
    expect(other.stored()?.grant.endedAt).toBeUndefined();
  });

  it('does not end what was over already', async () => {
    const { engine, review, stored } = await bench();
    engine.time.advance(2 * HOURS);
    await review(AUDITOR, { ...BODY, verdict: 'not_justified' });
    expect(stored()?.grant.endedAt).toBeUndefined();
  });

  it('is late after 72 hours, and not a moment before', async () => {
    const { engine, review } = await bench();
    engine.time.advance(72 * HOURS);
    expect(await review()).toMatchObject({ review: { late: false } });
    const other = await bench();
    other.engine.time.advance(72 * HOURS + 0.001);
    expect(await other.review()).toMatchObject({ review: { late: true } });
  });

  it('is refused for what does not exist, or has just been changed', async () => {
    const { engine, review } = await bench();
    const target = { grantId: 'none', body: BODY };
    await expect(reviewBreakGlass(engine, AUDITOR, target, requestAt(engine))).rejects.toMatchObject({
      code: 'not_found',
    });
    engine.breakGlass.change = async () => false;
    await expect(review()).rejects.toMatchObject({ code: 'state_conflict' });
  });

  it('makes no secret anew for the note when the patient was erased', async () => {
    const { engine, grant, review, stored } = await bench();
    engine.db.erased.add(grant.userRef);
    expect(await review()).toMatchObject({ status: 'reviewed' });
    expect(stored()?.words.note).toBeUndefined();
    expect(await getBreakGlass(engine, AUDITOR, grant.grantId, requestAt(engine))).toMatchObject({
      content_gone: true,
    });
  });
});

describe('a look at a grant', () => {
  it('shows the reason, and is recorded as a read of that patient', async () => {
    const { engine, grant } = await bench();
    const view = await getBreakGlass(engine, AUDITOR, grant.grantId, requestAt(engine));
    expect(view).toMatchObject({ status: 'open', user_id: 'patient-secret-id', holder: 'holder-secret-id' });
    expect(view['reason']).toContain('secret reason');
    const entry = [...engine.db.audit.values()].at(-1);
    expect(entry).toMatchObject({ action: 'break_glass.read', subjectRef: grant.userRef });
    expect(JSON.stringify(entry)).not.toContain('secret');
  });

  it('is refused when it cannot be recorded', async () => {
    const { engine, grant } = await bench();
    const audit = { ...engine.audit, put: () => Promise.reject(new Error('denied')) };
    for (const look of [
      getBreakGlass({ ...engine, audit }, AUDITOR, grant.grantId, requestAt(engine)),
      listBreakGlass({ ...engine, audit }, AUDITOR, { status: 'open', limit: 5 }, requestAt(engine)),
    ])
      await expect(look).rejects.toMatchObject({ code: 'read_not_recorded' });
  });

  it('a list is in codes', async () => {
    const { engine } = await bench();
    const list = await listBreakGlass(engine, ADMIN, { status: 'open', limit: 5 }, requestAt(engine));
    expect(list['grants']).toHaveLength(1);
    expect(JSON.stringify(list)).not.toContain('secret');
    await expect(
      listBreakGlass(engine, callerAs('operator', 'o1'), { status: 'open', limit: 5 }, requestAt(engine)),
    ).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('ending a grant', () => {
  it('is for its holder and admins; to others it does not exist', async () => {
    const { revoke, stored } = await bench();
    await expect(revoke(callerAs('clinician', 'd2'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(revoke(AUDITOR)).rejects.toMatchObject({ code: 'forbidden' });
    expect(stored()?.grant.endedAt).toBeUndefined();
    await revoke(callerAs('clinician', 'd1'));
    expect(stored()?.grant.endedAt).toBeDefined();
    const other = await bench();
    await other.revoke();
    expect(other.stored()?.grant.endedAt).toBeDefined();
  });

  it('changes nothing when it is over, and it still waits for its verdict', async () => {
    const { engine, revoke, actions } = await bench();
    const first = await revoke();
    engine.time.advance(60);
    expect(await revoke()).toEqual(first);
    expect(first).toMatchObject({ status: 'open' });
    expect(actions()).toEqual(['break_glass.revoked', 'break_glass.read']);
  });
});

it('reviews that are overdue are counted, and judged ones no more', async () => {
  const { engine, review } = await bench();
  await measureBreakGlass(engine);
  engine.time.advance(73 * HOURS);
  await measureBreakGlass(engine);
  await review();
  await measureBreakGlass(engine);
  expect(counted(engine, 'break_glass_reviews_overdue')).toEqual([0, 1, 0]);
});
