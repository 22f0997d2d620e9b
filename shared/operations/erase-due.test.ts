import { beforeEach, describe, expect, it } from 'vitest';
import { FieldCipherError } from '#shared/adapters/field-cipher-error.ts';
import { verifyChain } from '#shared/evidence/audit-chain.ts';
import type { Engine } from '#shared/operations/engine.ts';
import { eraseDue } from '#shared/operations/erase-due.ts';
import { getErasure } from '#shared/operations/get-erasure.ts';
import { getJob } from '#shared/operations/get-job.ts';
import { placeLegalHold } from '#shared/operations/legal-hold.ts';
import { listJobs } from '#shared/operations/list-jobs.ts';
import { listMedications } from '#shared/operations/list-medications.ts';
import { listReminders } from '#shared/operations/list-reminders.ts';
import { openBreakGlass } from '#shared/operations/open-break-glass.ts';
import { problemOf } from '#test/builders/records-bench.ts';
import { FIRST_ADMIN, PATIENT, RightsBench, SECOND_ADMIN, USER } from '#test/builders/rights-bench.ts';
import { callerAs, deliverAll, requestAt, rowOf } from '#test/builders/test-engine.ts';

const NOTHING = { records: [], due: 0, grantees: 0, recalls: 0, waits: 0, open: 0, secret: 'destroyed' };
const STEPS = [
  'erasure.started',
  'erasure.closed',
  'erasure.jobs_ended',
  'erasure.recall_removed',
  'erasure.records_deleted',
  'erasure.secret_destroyed',
];

let bench: RightsBench;
beforeEach(() => {
  bench = new RightsBench();
});

describe('an erasure whose time has come', () => {
  it('takes away what stands of the user and destroys the secret; of others everything stays', async () => {
    const { waiting, check } = await bench.fill();
    await bench.fill('user-2');
    for (const userId of [USER, 'user-2']) await bench.trust(userId);
    const other = bench.engine.refs.user('user-2');
    const before = bench.standing(other);
    expect(bench.standing().recalls).toBeGreaterThan(1);
    expect(bench.standing().grantees).toBe(2);
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    expect(bench.standing()).toEqual(NOTHING);
    expect(bench.standing(other)).toEqual(before);
    expect(await rowOf(bench.engine, waiting.jobId)).toMatchObject({
      status: 'cancelled',
      errorCode: 'user_erased',
    });
    // The row of an ended job stays: the head of its chain is in it.
    expect(await rowOf(bench.engine, check.jobId)).toMatchObject({ status: 'succeeded' });
    expect(bench.actions('erasure.')).toEqual(['erasure.requested', 'erasure.scheduled', ...STEPS]);
    expect(bench.actions('user.erased')).toHaveLength(1);
    expect(bench.engine.publisher.erasures.map(({ type }) => type)).toEqual([
      'user.erasure_scheduled',
      'user.erased',
    ]);
  });

  it('is not carried out before', async () => {
    await bench.fill();
    await bench.schedule();
    bench.engine.time.advance(7 * 86_400 - 1);
    await eraseDue(bench.engine);
    expect(bench.standing().secret).toBe('open');
    expect(bench.actions('erasure.started')).toEqual([]);
  });

  it('waits after the secret was closed until nothing can be under way any more', async () => {
    await bench.fill();
    await bench.schedule();
    bench.days(7);
    await eraseDue(bench.engine);
    bench.engine.time.advance(599);
    await eraseDue(bench.engine);
    expect(bench.standing()).toMatchObject({ secret: 'closed', open: 1 });
    bench.engine.time.advance(1);
    expect(await eraseDue(bench.engine)).toEqual({ erased: 1 });
    expect(bench.standing()).toEqual(NOTHING);
  });

  it('leaves the chain of every job whole', async () => {
    await bench.fill();
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    for (const row of bench.engine.db.rows.values())
      expect(verifyChain(await bench.engine.audit.chain(row.jobId), row)).toBeUndefined();
  });

  it('takes nothing new of the user from the closing on, and a message under way ends cleanly', async () => {
    await bench.fill();
    const late = await bench.submit('interaction-check', {
      user_id: USER,
      medications: ['aspirin', 'warfarin'],
    });
    await bench.schedule();
    bench.days(7);
    await eraseDue(bench.engine);
    const refused = await problemOf(
      bench.submit('interaction-check', { user_id: USER, medications: ['aspirin'] }),
    );
    expect(refused.code).toBe('user_erased');
    await deliverAll(bench.engine);
    expect(await rowOf(bench.engine, late.jobId)).toMatchObject({
      status: 'failed',
      errorCode: 'user_erased',
    });
    await bench.erase();
    expect(await problemOf(bench.request())).toMatchObject({ code: 'user_erased' });
    expect(bench.standing()).toEqual(NOTHING);
  });

  it('leaves jobs that can be looked at, without what nobody can open any more', async () => {
    const { check } = await bench.fill();
    const look = () => getJob(bench.engine, PATIENT, check.jobId, requestAt(bench.engine));
    expect(await look()).toHaveProperty('result');
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    expect(await look()).toMatchObject({ status: 'succeeded' });
    expect(await look()).not.toHaveProperty('result');
  });

  it('lets nobody back in by a claim: neither whose grant was revoked, nor anybody else', async () => {
    const { check } = await bench.fill();
    await bench.fill('user-2');
    const careFor = [USER, 'user-2'];
    const callers = [
      callerAs('caregiver', 'son', careFor),
      callerAs(['clinician', 'caregiver'], 'doctor', careFor),
    ];
    const { engine } = bench;
    const reached = async (caller: (typeof callers)[number]) => {
      const about = { userId: USER };
      const tries = [
        getJob(engine, caller, check.jobId, requestAt(engine)),
        listMedications(engine, caller, about, requestAt(engine)),
        listReminders(engine, caller, { ...about, query: { limit: 5 } }, requestAt(engine)),
      ];
      const ends = await Promise.allSettled(tries);
      const list = await listJobs(engine, caller, { limit: 100 }, requestAt(engine));
      const ids = JSON.stringify(list);
      return [...ends.map(({ status }) => status), ids.includes(check.jobId), ids.includes('job_id')];
    };
    for (const caller of callers)
      expect(await reached(caller)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', true, true]);
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    for (const caller of callers)
      expect(await reached(caller)).toEqual(['rejected', 'rejected', 'rejected', false, true]);
  });

  it('tells first what the user was not told of emergency access, also where that had failed', async () => {
    const { db, publisher } = bench.engine;
    const body = { user_id: USER, reason_code: 'unresponsive_patient', reason: 'Unconscious.' } as const;
    const open = (caller: string) =>
      openBreakGlass(
        bench.engine,
        { body, caller: callerAs('clinician', caller), role: 'clinician', checks: [] },
        requestAt(bench.engine),
      );
    const told = await open('dr-1');
    await deliverAll(bench.engine);
    const [waiting, failed] = [await open('dr-2'), await open('dr-3')];
    const last = [...db.rows.values()].filter(({ kind }) => kind === 'break-glass-notice').at(-1);
    if (last) db.putRow({ ...last, status: 'failed', endedAt: bench.engine.time.now() });
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    const events = publisher.access.map(({ grant_id, possible_duplicate: again }) => [grant_id, again]);
    expect(events[0]).toEqual([told['grant_id'], false]);
    expect(events.slice(1).toSorted()).toEqual(
      [waiting, failed].map((one) => [one['grant_id'], true]).toSorted(),
    );
    expect(publisher.access.every(({ user_id: id }) => id === USER)).toBe(true);
    const [entry] = [...db.audit.values()].filter(({ action }) => action === 'erasure.jobs_ended');
    expect(entry?.details).toMatchObject({ notices_told: 2 });
  });

  it('goes on over what cannot be read, which goes with the secret, and says how much that was', async () => {
    const { db, store } = bench.engine;
    await bench.trust();
    const { check } = await bench.fill();
    const [waiting] = [...db.rows.values()].filter((row) => row.status === 'scheduled');
    db.damaged.add(waiting?.jobId ?? '');
    for (const key of db.records.keys())
      if (key.startsWith(`${bench.owner}/user#`) || key.startsWith(`${bench.owner}/schedule#`))
        db.damaged.add(key);
    const { result } = store;
    store.result = async (row) => {
      if (row.jobId === check.jobId) throw new FieldCipherError('not_authentic', 'damaged');
      return result(row);
    };
    expect(await bench.schedule()).toMatchObject({ status: 'scheduled' });
    bench.days(7);
    await bench.erase();
    expect(bench.standing()).toMatchObject({ records: [], secret: 'destroyed', waits: 0 });
    const steps = [...db.audit.values()].filter(({ action }) => action.startsWith('erasure.'));
    const of = (action: string) => steps.find((entry) => entry.action === action)?.details;
    expect(of('erasure.jobs_ended')).toMatchObject({ unreadable: 1 });
    expect(of('erasure.recall_removed')).toMatchObject({ unreadable: 1 });
    expect(of('erasure.records_deleted')).toMatchObject({ unreadable: 1 });
  });

  it('goes on over a large result that is lost', async () => {
    const { check } = await bench.fill();
    bench.engine.db.lost.add(check.jobId);
    await bench.schedule();
    bench.days(7);
    await bench.erase();
    expect(bench.standing()).toMatchObject({ records: [], secret: 'destroyed' });
    const entries = [...bench.engine.db.audit.values()];
    const removed = entries.find(({ action }) => action === 'erasure.recall_removed');
    expect(removed?.details).toMatchObject({ unreadable: 1 });
  });

  it('says afterwards that it was done, and when', async () => {
    await bench.fill();
    const { erasure_id } = await bench.schedule();
    bench.days(7);
    await bench.erase();
    expect(
      await getErasure(bench.engine, FIRST_ADMIN, { userId: USER }, requestAt(bench.engine)),
    ).toMatchObject({
      status: 'erased',
      erasure_id,
      erased_at: expect.any(String),
    });
  });

  it('is refused by a hold that was placed meanwhile: nothing is taken away, and it has to be asked for anew', async () => {
    await bench.fill();
    await bench.schedule();
    const hold = { userId: USER, reason: 'litigation' } as const;
    await placeLegalHold(bench.engine, SECOND_ADMIN, hold, requestAt(bench.engine));
    bench.days(7);
    await bench.erase();
    expect(bench.standing()).toMatchObject({ secret: 'open', waits: 0 });
    expect(bench.actions('erasure.refused')).toHaveLength(1);
    expect(bench.engine.publisher.erasures.at(-1)).toMatchObject({ type: 'user.erasure_revoked' });
    expect(await problemOf(bench.request())).toMatchObject({ code: 'legal_hold' });
  });

  it('is done for the others when one cannot be', async () => {
    await bench.fill();
    await bench.schedule();
    bench.engine.db.erasures.set('0', { owner: 'broken', dueAt: '2000-01-01T00:00:00.000Z' });
    const { erasing } = bench.engine;
    const broken: Engine['erasing'] = {
      ...erasing,
      secret: async (owner) => {
        if (owner === 'broken') throw new Error('It cannot be read.');
        return erasing.secret(owner);
      },
    };
    bench.days(7);
    for (let runs = 0; runs < 3; runs += 1) {
      await expect(eraseDue({ ...bench.engine, erasing: broken })).rejects.toThrow('It cannot be read.');
      bench.engine.time.advance(900);
    }
    expect(bench.standing()).toEqual(NOTHING);
  });
});

/** The ports of the erasure with their functions counted: the one of that number dies before or after its effect. */
function dying(engine: RightsBench['engine'], at: number, effect: 'before' | 'after') {
  let calls = 0;
  const counted = <P extends object>(port: P): P =>
    new Proxy(port, {
      get: (target, name, receiver) => {
        const member = Reflect.get(target, name, receiver);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          const dies = calls === at;
          if (dies && effect === 'before') throw new Error('killed');
          const answer = await member.apply(target, args);
          if (dies) throw new Error('killed');
          return answer;
        };
      },
    });
  const { erasing, audit, schedules, publisher, recall, store } = engine;
  const deps = {
    ...engine,
    erasing: counted(erasing),
    audit: counted(audit),
    schedules: counted(schedules),
    publisher: counted(publisher),
    recall: counted(recall),
    store: counted(store),
  };
  return { deps, calls: () => calls };
}

describe('an erasure that dies at any point', () => {
  const callsOfBoth = async (): Promise<readonly number[]> => {
    const whole = new RightsBench();
    await whole.fill();
    await whole.trust();
    await whole.schedule();
    whole.days(7);
    const first = dying(whole.engine, -1, 'before');
    await eraseDue(first.deps);
    whole.engine.time.advance(900);
    const second = dying(whole.engine, -1, 'before');
    await eraseDue(second.deps);
    expect(whole.standing()).toEqual(NOTHING);
    return [first.calls(), second.calls()];
  };

  it.each(['before', 'after'] as const)(
    '%s a call took effect is taken up by the next run',
    async (effect) => {
      const counts = await callsOfBoth();
      expect(counts[0]).toBeGreaterThan(4);
      expect(counts[1]).toBeGreaterThan(30);
      for (const [run, count] of counts.entries())
        for (let at = 1; at <= count; at += 1) {
          const one = new RightsBench();
          await one.fill();
          await one.trust();
          await one.schedule();
          one.days(7);
          if (run === 1) {
            await eraseDue(one.engine);
            one.engine.time.advance(900);
          }
          const killed = eraseDue(dying(one.engine, at, effect).deps);
          await expect(killed, `${run}.${at}`).rejects.toThrow();
          one.engine.time.advance(900);
          await one.erase();
          expect(one.standing(), `${run}.${at}`).toEqual(NOTHING);
          expect(one.actions('user.erased').length, `${run}.${at}`).toBeGreaterThanOrEqual(1);
          expect(new Set(one.actions('erasure.'))).toEqual(
            new Set(['erasure.requested', 'erasure.scheduled', ...STEPS]),
          );
        }
    },
  );
});
