import { describe, expect, it } from 'vitest';
import {
  callerAs,
  counted,
  createTestEngine,
  deliverAll,
  logged,
  requestAt,
} from '#test/builders/test-engine.ts';
import { isLive } from '../evidence/break-glass.ts';
import { breakGlassNotice } from '../jobs/break-glass-notice/index.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { secondsBetween } from '../lifecycle/instant.ts';
import { measureBreakGlass } from './measure-break-glass.ts';
import { type OpenRequest, openBreakGlass, openingRole } from './open-break-glass.ts';
import { reviewBreakGlass } from './review-break-glass.ts';

const BODY = { user_id: 'p1', reason_code: 'disaster', reason: 'An avalanche, many hurt.' } as const;
const CALLER = callerAs('pharmacist', 'ph1');

function benchOf(settings: { breakGlassMinutes?: number } = {}) {
  const engine = { ...createTestEngine([breakGlassNotice]), settings };
  const open = (over: Partial<OpenRequest> = {}) =>
    openBreakGlass(
      engine,
      { body: BODY, caller: CALLER, role: 'pharmacist', checks: [], ...over },
      requestAt(engine),
    );
  return { engine, open };
}

describe('opening', () => {
  it('makes a grant of an hour, an entry without the reason, a row for roll-ups, an alarm and a notice', async () => {
    const { engine, open } = benchOf();
    const answer = await open();
    const [stored] = [...engine.db.breakGlass.values()];
    expect(stored).toMatchObject({
      grant: { grantId: answer['grant_id'], role: 'pharmacist', reasonCode: 'disaster' },
      words: { userId: 'p1', holder: 'ph1', reason: BODY.reason },
    });
    if (!stored) throw new Error('Nothing stands.');
    const { grantedAt, expiresAt, reviewDueAt } = stored.grant;
    expect([secondsBetween(grantedAt, expiresAt), secondsBetween(grantedAt, reviewDueAt)]).toEqual([
      3_600, 259_200,
    ]);
    const entry = [...engine.db.audit.values()].find(({ action }) => action === 'break_glass.opened');
    expect(entry).toMatchObject({
      subjectRef: engine.refs.user('p1'),
      actor: { breakGlass: answer['grant_id'], purpose: { code: 'ETREAT', declared: false } },
      details: { grant_id: answer['grant_id'], reason_code: 'disaster', seconds: 3_600 },
    });
    expect(JSON.stringify([...engine.db.audit.values(), answer])).not.toContain('avalanche');
    expect([...engine.db.events.breakGlass.keys()]).toEqual([answer['grant_id']]);
    await measureBreakGlass(engine);
    expect(counted(engine, 'break_glass_opened')).toEqual([1]);
    expect(logged(engine, 'break_glass.opened')).toMatchObject([{ level: 'warn' }]);
    await deliverAll(engine);
    expect(engine.publisher.access).toMatchObject([
      { type: 'access.break_glass', user_id: 'p1', role: 'pharmacist', possible_duplicate: false },
    ]);
  });

  it('answers a repetition with the same key alike, and rings and tells once', async () => {
    const { engine, open } = benchOf();
    const first = await open({ idempotencyKey: 'k' });
    expect(await open({ idempotencyKey: 'k' })).toEqual(first);
    expect(engine.db.breakGlass.size).toBe(1);
    expect([...engine.db.audit.values()].at(-1)).toMatchObject({
      action: 'break_glass.read',
      actor: { role: 'pharmacist' },
      details: { grant_id: first['grant_id'], repeated: true },
    });
    await measureBreakGlass(engine);
    expect(counted(engine, 'break_glass_opened')).toEqual([1]);
    await expect(open({ idempotencyKey: 'k', body: { ...BODY, user_id: 'p2' } })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('lasts as long as the deployment allows, or shorter when less is asked for', async () => {
    const { engine, open } = benchOf({ breakGlassMinutes: 20 });
    await open();
    await open({ body: { ...BODY, minutes: 5 } });
    const spans = [...engine.db.breakGlass.values()].map(({ grant }) =>
      secondsBetween(grant.grantedAt, grant.expiresAt),
    );
    expect(spans).toEqual([1_200, 300]);
    await expect(open({ body: { ...BODY, minutes: 21 } })).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/minutes', code: 'too_long' }],
    });
    expect(engine.db.breakGlass.size).toBe(2);
  });

  it('is barred for a day to whose last access to that patient was not justified, and to nobody else', async () => {
    const { engine, open } = benchOf();
    const { grant_id } = await open();
    const review = (verdict: 'justified' | 'not_justified', grantId: string) =>
      reviewBreakGlass(
        engine,
        callerAs('auditor', 'a1'),
        { grantId, body: { verdict, note: 'Looked into.' } },
        requestAt(engine),
      );
    await review('not_justified', String(grant_id));
    await expect(open()).rejects.toMatchObject({ code: 'forbidden' });
    await expect(open({ body: { ...BODY, user_id: 'p2' } })).resolves.toHaveProperty('grant_id');
    await expect(open({ caller: callerAs('pharmacist', 'ph2') })).resolves.toHaveProperty('grant_id');
    engine.time.advance(24 * 3_600 - 1);
    await expect(open()).rejects.toMatchObject({ code: 'forbidden' });
    engine.time.advance(1);
    const again = await open();
    await review('justified', String(again['grant_id']));
    await expect(open()).resolves.toHaveProperty('grant_id');
  });

  it('is barred by a verdict on any grant, also where newer ones were opened in advance', async () => {
    const { engine, open } = benchOf();
    const [first, second] = [await open(), await open()];
    const judge = ({ grant_id }: JsonObject, verdict: 'justified' | 'not_justified') =>
      reviewBreakGlass(
        engine,
        callerAs('auditor', 'a1'),
        { grantId: String(grant_id), body: { verdict, note: 'Looked into.' } },
        requestAt(engine),
      );
    await judge(first, 'not_justified');
    await expect(open()).rejects.toMatchObject({ code: 'forbidden' });
    await judge(second, 'justified');
    await expect(open({ idempotencyKey: 'another' })).rejects.toMatchObject({ code: 'forbidden' });
    expect(engine.db.breakGlass.size).toBe(2);
    engine.time.advance(24 * 3_600);
    await expect(open()).resolves.toHaveProperty('grant_id');
  });

  it('is for clinicians and pharmacists, in an emergency', () => {
    const { engine } = benchOf();
    expect(openingRole(engine, callerAs('clinician', 'd1'), 'p1')).toBe('clinician');
    expect(openingRole(engine, { ...CALLER, purpose: 'ETREAT' }, 'p1')).toBe('pharmacist');
    expect(() => openingRole(engine, { ...CALLER, purpose: 'TREAT' }, 'p1')).toThrow('ETREAT');
    for (const role of [
      'patient',
      'caregiver',
      'analyst',
      'operator',
      'auditor',
      'admin',
      'service',
    ] as const)
      expect(() => openingRole(engine, callerAs(role, 'x'), 'p1')).toThrow('clinicians and pharmacists');
  });

  it('tells again, as a possible duplicate, after an attempt that died', async () => {
    const { engine, open } = benchOf();
    await open();
    let lives = false;
    const { publisher } = engine;
    const publishAccess = async (message: Parameters<typeof publisher.publishAccess>[0]) => {
      await publisher.publishAccess(message);
      if (!lives) throw new Error('died after it was published');
    };
    const dying = { ...engine, publisher: { ...publisher, publishAccess } };
    await deliverAll(dying);
    lives = true;
    engine.time.advance(400);
    await deliverAll(dying);
    expect(publisher.access.map(({ possible_duplicate }) => possible_duplicate)).toEqual([false, true]);
  });
});

it('a grant that has expired lives no more', () => {
  expect(isLive({ expiresAt: '2027-01-01T00:00:00.000Z' }, '2027-01-01T00:00:00.000Z')).toBe(false);
});
