import { describe, expect, it } from 'vitest';
import { ImportBench, lineFor } from '#test/builders/import-bench.ts';
import { callerAs, requestAt } from '#test/builders/test-engine.ts';
import { FieldCipherError } from '../adapters/field-cipher-error.ts';
import type { Caller } from '../evidence/caller.ts';
import { getEvidence } from './get-evidence.ts';
import { getJob } from './get-job.ts';
import { getReceipt } from './get-receipt.ts';
import { retryJob } from './retry-job.ts';

const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

describe('who may', () => {
  it('a clinician brings lines of those in their care; the others are rejected, and counted in the evidence', async () => {
    const bench = new ImportBench(callerAs('clinician', 'dr-1', ['a']));
    const id = await bench.submit([lineFor('a', 'm'), lineFor('stranger', 'm')]);
    await bench.run();
    expect(await bench.report(id)).toMatchObject([
      { outcome: 'accepted' },
      { outcome: 'rejected', problems: [{ code: 'not_in_your_care' }] },
    ]);
    const stored = [...bench.engine.db.records.keys()].filter((key) => key.includes('import-line'));
    expect(stored).toHaveLength(1);
    const accepted = [...bench.engine.db.audit.values()].find(({ jobId }) => jobId === id);
    expect(accepted).toMatchObject({
      action: 'job.accepted',
      actor: { ref: bench.engine.refs.actor('dr-1'), role: 'clinician' },
      details: { kind: 'import', lines: 2, lines_not_in_care: 1 },
    });
  });

  it('who submitted it and staff see it; to everybody else it does not exist', async () => {
    const bench = new ImportBench();
    const id = await bench.submit([lineFor('a', 'm')]);
    for (const caller of [bench.caller, callerAs('operator', 'op'), callerAs('admin', 'ad')])
      expect((await bench.view(id, {}, caller)).lines).toMatchObject({ total: 1 });
    for (const caller of [callerAs('service', 'other'), callerAs('clinician', 'dr', ['a'])])
      await expect(bench.view(id, {}, caller)).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.view('00000000000000000000000000')).rejects.toMatchObject({ code: 'not_found' });
    await expect(bench.view(id, {}, callerAs('patient', 'a'))).rejects.toMatchObject({ code: 'forbidden' });
    const [job] = bench.jobs('import');
    expect(job?.jobId).toBe(id);
  });

  it('as a job it is seen by the same, and its parts by those who run the stack', async () => {
    const bench = new ImportBench(callerAs('clinician', 'dr-1', ['a']));
    const id = await bench.submit([lineFor('a', 'm')]);
    const mine = callerAs('service', 'mine');
    const services = await bench.submit([lineFor('a', 'n')], { as: mine });
    await bench.run();
    const ids = { clinicians: id, services, chunk: bench.jobs('import-chunk')[0]?.jobId ?? '' };
    const isSeen = (ask: Promise<unknown>) => ask.then(() => true).catch(() => false);
    const seenBy = async (caller: Caller) => {
      const jobs = Object.entries(ids).map(async ([name, jobId]) => {
        const asJob = [getJob, getEvidence, getReceipt].map((read) =>
          isSeen(read(bench.engine, caller, jobId, requestAt(bench.engine))),
        );
        const asImport = name === 'chunk' ? [] : [isSeen(bench.view(jobId, {}, caller))];
        return [name, new Set(await Promise.all([...asJob, ...asImport]))] as const;
      });
      const seen = await Promise.all(jobs);
      // By whichever route: the same answer.
      for (const [, answers] of seen) expect(answers.size).toBe(1);
      return seen.flatMap(([name, answers]) => (answers.has(true) ? [name] : []));
    };
    expect(await seenBy(bench.caller)).toEqual(['clinicians']);
    expect(await seenBy(mine)).toEqual(['services']);
    expect(await seenBy(callerAs('service', 'other'))).toEqual([]);
    expect(await seenBy(callerAs('pharmacist', 'dr-1'))).toEqual([]);
    expect(await seenBy(callerAs('operator', 'op'))).toEqual(['clinicians', 'services', 'chunk']);
  });

  it('another caller with the same body has an import of their own, and makes no second job', async () => {
    const bench = new ImportBench();
    const lines = [lineFor('a', 'm')];
    const [mine, theirs] = [
      await bench.submit(lines),
      await bench.submit(lines, { as: callerAs('service', 'other') }),
    ];
    expect(theirs).not.toBe(mine);
    await bench.run();
    expect(bench.jobs('medication-reminder')).toHaveLength(1);
  });

  it('roles that bring no schedules are refused', async () => {
    const bench = new ImportBench();
    for (const role of ['patient', 'caregiver', 'analyst', 'operator', 'auditor'] as const)
      await expect(bench.submit([lineFor('a', 'm')], { as: callerAs(role, 'a') })).rejects.toMatchObject({
        code: 'forbidden',
      });
  });
});

describe('an idempotency key', () => {
  it('gives the first answer to the same body, and refuses another', async () => {
    const bench = new ImportBench();
    const id = await bench.submit([lineFor('a', 'm')], { key: 'k-1' });
    expect(await bench.submit([lineFor('a', 'm')], { key: 'k-1' })).toBe(id);
    await expect(bench.submit([lineFor('b', 'm')], { key: 'k-1' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(bench.jobs('import')).toHaveLength(1);
  });
});

describe('a full queue', () => {
  it('refuses an import and keeps nothing of it; what was accepted before is answered as before', async () => {
    const bench = new ImportBench();
    const before = await bench.submit([lineFor('a', 'm')], { key: 'k-1' });
    bench.hasRoom = false;
    await expect(bench.submit([lineFor('b', 'm')])).rejects.toMatchObject({
      code: 'too_many_requests',
      headers: { 'retry-after': '30' },
    });
    expect([...bench.engine.db.records.keys()].filter((key) => key.includes('import-line'))).toHaveLength(1);
    expect(await bench.submit([lineFor('a', 'm')], { key: 'k-1' })).toBe(before);
    expect(await bench.submit([lineFor('a', 'm')], { key: 'k-1' })).toBe(before);
    expect(bench.jobs('import')).toHaveLength(1);
  });
});

describe('a user with as many open jobs as they may have', () => {
  const FULL = { outcome: 'rejected', problems: [{ pointer: '', code: 'too_many_open_jobs' }] };
  const limited = (userJobLimit: number) => {
    const bench = new ImportBench();
    bench.engine.settings = { userJobLimit };
    return bench;
  };

  it('has no more of an import, line by line; others have, and the line is accepted when it is sent again', async () => {
    const bench = limited(2);
    bench.engine.db.countOpen(bench.engine.refs.user('a'), 1);
    const lines = [lineFor('a', 'm'), lineFor('a', 'n', { medication: { name: 'one' } }), lineFor('b', 'm')];
    const id = await bench.submit(lines);
    await bench.run();
    expect(await bench.report(id)).toMatchObject([{ outcome: 'accepted' }, FULL, { outcome: 'accepted' }]);
    // Nothing of the refused line stands.
    expect(await bench.record('medication', 'a', 'n')).toBeUndefined();

    const again = await bench.submit(lines, { key: 'again' });
    await bench.run();
    expect(await bench.report(again)).toMatchObject([
      { outcome: 'accepted', repeated: true },
      { outcome: 'accepted' },
      { outcome: 'accepted', repeated: true },
    ]);
    // What was open before the import is open still, and nothing else.
    expect(Object.fromEntries(bench.engine.db.open)).toMatchObject({ [bench.engine.refs.user('a')]: 1 });
    expect([...bench.engine.db.open.values()].reduce((sum, open) => sum + open)).toBe(1);
  });

  it('whose last place is taken while the lines are judged is seen so', async () => {
    const bench = limited(1);
    const owner = bench.engine.refs.user('a');
    const { openCounts } = bench.engine.store;
    let reads = 0;
    bench.engine.store.openCounts = async (refs) => {
      const counts = await openCounts(refs);
      reads += 1;
      if (reads === 1) bench.engine.db.countOpen(owner, 1);
      return counts;
    };
    const id = await bench.submit([lineFor('a', 'm')]);
    await bench.run();
    expect(await bench.report(id)).toMatchObject([FULL]);
    expect(reads).toBe(2);
  });
});

describe('what cannot be done', () => {
  it('is refused whole when no line says whose it is', async () => {
    const bench = new ImportBench();
    await expect(bench.submit([{ medication_id: 'm' }, { user_id: 7 }])).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [
        { pointer: '/1/user_id', code: 'required' },
        { pointer: '/2/user_id', code: 'wrong_format' },
      ],
    });
    expect(bench.jobs('import')).toEqual([]);
  });

  it('lines of a user who was erased meanwhile are rejected, and hold up no others', async () => {
    const bench = new ImportBench();
    const id = await bench.submit([lineFor('a', 'm'), lineFor('b', 'm'), lineFor('c', 'm')]);
    const { engine } = bench;
    const gone = [...engine.db.records.keys()].find((key) => key.startsWith(engine.refs.user('c')));
    engine.db.records.delete(gone ?? '');
    const { readMany } = engine.records;
    engine.records.readMany = async (keys) => {
      const erased = keys.some(
        ({ owner, type }) => type === 'import-line' && owner === engine.refs.user('a'),
      );
      if (erased) throw new FieldCipherError('secret_missing', 'The secret of an owner does not exist.');
      return readMany(keys);
    };
    await bench.run();
    expect(await bench.report(id)).toMatchObject([
      { outcome: 'rejected', problems: [{ code: 'content_gone' }] },
      { outcome: 'accepted' },
      { outcome: 'rejected', problems: [{ code: 'content_gone' }] },
    ]);
  });

  it('a chunk that failed fails the import, which says so of its lines; a retry repairs it', async () => {
    const bench = new ImportBench();
    const { engine } = bench;
    const id = await bench.submit(users(30).map((user) => lineFor(user, 'm')));
    const { readMany } = engine.records;
    let broken = true;
    engine.records.readMany = async (keys) => {
      if (broken && keys.some(({ id: key }) => key.endsWith('#000026'))) throw new TypeError('broken');
      return readMany(keys);
    };
    for (let round = 0; round < 4; round += 1) {
      await bench.run();
      engine.time.advance(1_900);
    }
    expect(await bench.view(id)).toMatchObject({
      status: 'failed',
      lines: { done: 20, failed: 10, pending: 0 },
    });
    expect((await bench.report(id))[25]).toMatchObject({ line: 26, outcome: 'failed' });
    broken = false;
    await retryJob(engine, callerAs('operator', 'op'), id, requestAt(engine));
    await bench.run();
    expect(await bench.view(id)).toMatchObject({ status: 'completed', lines: { accepted: 30, failed: 0 } });
    expect((await bench.report(id)).filter(({ repeated }) => repeated)).toHaveLength(20);
    expect(bench.jobs('medication-reminder')).toHaveLength(30);
  });
});
