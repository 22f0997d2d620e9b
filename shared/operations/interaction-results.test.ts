import { describe, expect, it } from 'vitest';
import { createChecksBench, INTERACTING, PHARMACIST } from '#test/builders/checks-bench.ts';
import { inventedPack } from '#test/builders/reference-packs.ts';
import { callerAs, deliverAll, requestAt } from '#test/builders/test-engine.ts';
import { InMemoryReference } from '#test/fakes/in-memory-reference.ts';
import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { addSeconds } from '../lifecycle/instant.ts';
import type { RecheckBody } from './bodies/recheck.ts';
import { findInteractionResults, type ResultsQuery } from './find-interaction-results.ts';
import { getJob } from './get-job.ts';
import { listJobs } from './list-jobs.ts';
import { MOST_RULE_ENTRIES, recallEntry } from './recall-refs.ts';
import { recheckInteractions } from './recheck-interactions.ts';

const AUDITOR = callerAs('auditor', 'auditor-1');

async function setUp() {
  const bench = createChecksBench();
  const { engine } = bench;
  const find = async (query: Partial<ResultsQuery>, caller = PHARMACIST) =>
    JSON.parse(
      JSON.stringify(
        await findInteractionResults(engine, caller, { limit: 100, ...query }, requestAt(engine)),
      ),
    );
  const ask = (body: RecheckBody, idempotencyKey?: string, caller: Caller = PHARMACIST) => {
    const request = {
      body,
      caller,
      role: 'pharmacist' as const,
      checks: [],
      ...(idempotencyKey && { idempotencyKey }),
    };
    return recheckInteractions(engine, request, requestAt(engine));
  };
  /** Asks for a re-check, runs everything, and answers the result. */
  const recheck = async (body: RecheckBody, idempotencyKey?: string, caller: Caller = PHARMACIST) => {
    const answer = await ask(body, idempotencyKey, caller);
    await deliverAll(engine);
    return {
      jobId: String(answer['job_id']),
      job: await getJob(engine, caller, String(answer['job_id']), requestAt(engine)),
    };
  };
  const ruleOf = async (row: Parameters<typeof bench.resultOf>[0]) => {
    const { findings } = JSON.parse(JSON.stringify(await bench.resultOf(row)));
    return String(findings[0].rule_id);
  };
  const idsOf = ({ results }: { results: { job_id: string }[] }) => results.map(({ job_id }) => job_id);
  return { ...bench, find, ask, recheck, ruleOf, idsOf };
}

/** Replaces the stored result of a check, as if it had been made with other rules. */
const pretend = ({ engine }: Awaited<ReturnType<typeof setUp>>, jobId: string, result: JsonObject): void => {
  engine.db.results.set(jobId, result);
};

describe('past results', () => {
  it('are found by a rule that applied, newest first, and by the data set', async () => {
    const { checked, find, ruleOf, idsOf, engine } = await setUp();
    const first = await checked(INTERACTING);
    const other = await checked(['aspirin', 'sildenafil', 'nitroglycerin']);
    const second = await checked(INTERACTING, 'user-2');
    const rule = await ruleOf(first);
    expect(idsOf(await find({ rule }))).toEqual([second.jobId, first.jobId]);
    const [{ data_set: dataSet, rules }] = (await find({ rule })).results;
    expect(rules).toContain(rule);
    expect(idsOf(await find({ dataSet }))).toEqual([second.jobId, other.jobId, first.jobId]);
    expect(idsOf(await find({ rule, dataSet }))).toEqual([second.jobId, first.jobId]);
    expect(idsOf(await find({ rule, dataSet: 'another@1' }))).toEqual([]);
    expect(idsOf(await find({ rule: 'no-such-rule' }))).toEqual([]);
    const { endedAt = '' } = second;
    expect(idsOf(await find({ rule, to: endedAt }))).toEqual([first.jobId]);
    expect(idsOf(await find({ rule, from: endedAt }))).toEqual([second.jobId]);
    expect(engine.db.recalls.every(({ recall }) => recall?.rules.length !== 0)).toBe(true);
  });

  it('come page by page, each once', async () => {
    const { checked, find, idsOf, ruleOf } = await setUp();
    const rows = [];
    for (let n = 0; n < 7; n += 1) rows.push(await checked(INTERACTING));
    const rule = await ruleOf(rows[0] ?? (await checked(INTERACTING)));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await find({ rule, limit: 3, ...(cursor !== undefined && { cursor }) });
      seen.push(...idsOf(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(rows.map(({ jobId }) => jobId).reverse());
  });

  it('tell a pharmacist how serious they were, and an auditor where they are, in codes', async () => {
    const { checked, find, ruleOf } = await setUp();
    const row = await checked(INTERACTING);
    const rule = await ruleOf(row);
    const [pharmacists] = (await find({ rule })).results;
    expect(pharmacists).toMatchObject({
      job_id: row.jobId,
      user_ref: row.userRef,
      outcome: 'findings',
      level: 'contraindicated',
    });
    const [auditors] = (await find({ rule }, AUDITOR)).results;
    expect(Object.keys(auditors).sort()).toEqual(['data_set', 'ended_at', 'job_id', 'rules']);
    expect(JSON.stringify(pharmacists)).not.toMatch(/Zocor|clarithromycin|management/);
  });

  it('link to the job for those who would be let in, and for nobody else', async () => {
    const { checked, find, ruleOf, engine } = await setUp();
    const mine = await checked(INTERACTING);
    const other = await checked(INTERACTING, 'user-2');
    const { results } = await find({ rule: await ruleOf(mine) });
    const links = new Map(results.map((result: JsonObject) => [result['job_id'], result['links']]));
    expect(links.get(mine.jobId)).toEqual({ job: `/api/v1/jobs/${mine.jobId}` });
    expect([links.has(other.jobId), links.get(other.jobId)]).toEqual([true, undefined]);
    const open = (jobId: string) => getJob(engine, PHARMACIST, jobId, requestAt(engine));
    await expect(open(mine.jobId)).resolves.toMatchObject({ job_id: mine.jobId });
    await expect(open(other.jobId)).rejects.toThrow('No job of that id is visible');
  });

  it('leave the evidence of each search, for each patient of whom it tells', async () => {
    const { checked, find, ruleOf, engine } = await setUp();
    await find({ rule: 'none' }, AUDITOR);
    const rule = await ruleOf(await checked(INTERACTING));
    await find({ rule }, AUDITOR);
    const entries = [...engine.db.audit.values()].filter(({ action }) => action.includes('searched'));
    expect(entries).toMatchObject([
      { actor: { role: 'auditor' }, outcome: 'success', details: { by: 'rule', results: 0 } },
      {
        actor: { role: 'auditor' },
        outcome: 'success',
        subjectRef: expect.any(String),
        details: { by: 'rule', results: 1 },
      },
    ]);
    expect(entries[0]).not.toHaveProperty('subjectRef');
  });

  it.each(['patient', 'caregiver', 'clinician', 'analyst', 'operator', 'admin', 'service'] as const)(
    'are not for the role %s',
    async (role) => {
      const { find } = await setUp();
      await expect(find({ rule: 'x' }, callerAs(role))).rejects.toMatchObject({ code: 'forbidden' });
    },
  );

  it('are asked for by a rule or a data set', async () => {
    const { find } = await setUp();
    await expect(find({})).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer: '/rule', code: 'required' }],
    });
  });

  it('that are none come with a warning, as the rule may be misspelt', async () => {
    const { checked, find, ruleOf } = await setUp();
    const rule = await ruleOf(await checked(INTERACTING));
    for (const caller of [undefined, AUDITOR]) {
      expect(await find({ rule: `${rule}x` }, caller)).toMatchObject({
        results: [],
        warnings: [{ code: 'no_result' }],
      });
      expect(await find({ rule }, caller)).not.toHaveProperty('warnings');
    }
  });

  it('of an erased user are still counted, and say nothing', async () => {
    const { checked, find, ruleOf, engine } = await setUp();
    const row = await checked(INTERACTING);
    const rule = await ruleOf(row);
    engine.db.erased.add(row.userRef ?? '');
    expect((await find({ rule })).results).toEqual([
      { job_id: row.jobId, ended_at: row.endedAt, content_gone: true },
    ]);
  });

  it('to which very many rules applied are found by each of them, and fit into one transaction', async () => {
    const { engine, find, idsOf } = await setUp();
    const rules = Array.from({ length: MOST_RULE_ENTRIES + 30 }, (_, n) => `rule-${n}`);
    const recall = { dataSet: 'big@1', rules, outcome: 'findings', level: 'major' };
    const entry = recallEntry(engine.refs, recall);
    expect(entry.refs).toHaveLength(2);
    expect(
      recallEntry(engine.refs, { ...recall, rules: rules.slice(0, MOST_RULE_ENTRIES) }).refs,
    ).toHaveLength(49);
    const row = { jobId: '01BIG', endedAt: addSeconds(engine.time.now(), -5), userRef: 'u' };
    engine.db.recalls.push(...entry.refs.map((ref) => ({ ref, ...row, recall })));
    expect(idsOf(await find({ rule: 'rule-77' }))).toEqual(['01BIG']);
    expect(idsOf(await find({ rule: 'rule-78' }))).toEqual([]);
    engine.db.erased.add('u');
    expect(idsOf(await find({ rule: 'rule-78' }))).toEqual([]);
  });
});

describe('the job list', () => {
  it('shows the outcome beside succeeded to those who may see the result, and to nobody else', async () => {
    const { checked, engine } = await setUp();
    const row = await checked(INTERACTING);
    const listed = async (caller: Caller) => {
      const { jobs } = await listJobs(engine, caller, { limit: 100 }, requestAt(engine));
      const [job] = JSON.parse(JSON.stringify(jobs)).filter(
        ({ job_id }: { job_id: string }) => job_id === row.jobId,
      );
      return [job.status, job.outcome];
    };
    for (const caller of [
      PHARMACIST,
      callerAs('clinician', 'doctor', ['user-1']),
      callerAs('service', 'client'),
    ])
      expect(await listed(caller)).toEqual(['succeeded', 'findings']);
    for (const caller of [callerAs('patient', 'user-1'), callerAs('operator', 'op'), AUDITOR])
      expect(await listed(caller)).toEqual(['succeeded', undefined]);
    expect(await getJob(engine, PHARMACIST, row.jobId, requestAt(engine))).toMatchObject({
      outcome: 'findings',
    });
    expect(
      await getJob(engine, callerAs('patient', 'user-1'), row.jobId, requestAt(engine)),
    ).not.toHaveProperty('outcome');
  });
});

describe('a bulk re-check', () => {
  it('runs the past checks again and counts what has changed', async () => {
    const set = await setUp();
    const { checked, recheck, ruleOf, resultOf, engine } = set;
    const [same, changed] = [await checked(INTERACTING), await checked(INTERACTING, 'user-2')];
    const rule = await ruleOf(same);
    pretend(set, changed.jobId, { ...(await resultOf(changed)), outcome: 'none_found', findings: [] });
    engine.time.advance(60);
    const { job } = await recheck({ rule });
    expect(job).toMatchObject({
      status: 'succeeded',
      summary: '2 of 2 checked again, 1 changed',
      result: {
        found: 2,
        rechecked: 2,
        changed_outcome: 1,
        newly_contraindicated: 1,
        newly_major: 1,
        not_rechecked: { erased: 0, expired: 0, failed: 0 },
        changed: [{ job_id: changed.jobId, recheck_job_id: expect.any(String) }],
      },
    });
    // The children carry the payload as its caller sent it, for the same user.
    const children = [...engine.db.rows.values()].filter(({ parentId }) => parentId === job['job_id']);
    expect(children.map(({ kind, userRef }) => [kind, userRef]).toSorted()).toEqual(
      [same, changed].map(({ userRef }) => ['interaction-check', userRef]).toSorted(),
    );
  });

  it('names what is no longer as serious as it was', async () => {
    const set = await setUp();
    const { checked, recheck, resultOf, engine } = set;
    const row = await checked(INTERACTING);
    const { recall } = engine.db.recalls.find(({ jobId }) => jobId === row.jobId) ?? {};
    const extra = ['contraindicated', 'major'].map((level) => ({
      kind: 'pair',
      level,
      ingredients: ['withdrawn', 'warfarin'],
    }));
    const before = JSON.parse(JSON.stringify(await resultOf(row)));
    pretend(set, row.jobId, { ...before, findings: [...before.findings, ...extra] });
    engine.time.advance(60);
    const body = { data_set: recall?.dataSet ?? '', to: engine.time.now() };
    const withdrawn = { changed_outcome: 0, no_longer_contraindicated: 1, no_longer_major: 1 };
    expect((await recheck(body)).job['result']).toMatchObject({
      ...withdrawn,
      newly_contraindicated: 0,
      changed: [{ job_id: row.jobId }],
    });
  });

  it('asked for again before it has ended is the same job; with another key it is another one', async () => {
    const { checked, ask, recheck, ruleOf, engine } = await setUp();
    const rule = await ruleOf(await checked(INTERACTING));
    engine.time.advance(60);
    const first = await ask({ rule });
    const jobs = engine.db.rows.size;
    engine.time.advance(60);
    expect(await ask({ rule })).toEqual(first);
    expect(engine.db.rows.size).toBe(jobs);
    const keyed = await recheck({ rule }, 'key-1');
    expect(keyed.jobId).not.toBe(first['job_id']);
    expect((await recheck({ rule }, 'key-1')).jobId).toBe(keyed.jobId);
    await expect(recheck({ rule: 'other' }, 'key-1')).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
  });

  it('asked for again on that day after it has ended is another one, with the reference data that stands then', async () => {
    const { checked, recheck, engine } = await setUp();
    const packs = new InMemoryReference(engine.time.now);
    engine.reference = packs.environment();
    const row = await checked(['zorbex', 'warfarin']);
    const { recall } = engine.db.recalls.find(({ jobId }) => jobId === row.jobId) ?? {};
    const data_set = recall?.dataSet ?? '';
    engine.time.advance(60);
    const to = engine.time.now();
    const first = await recheck({ data_set, to });
    expect(first.job['result']).toMatchObject({ rechecked: 1, changed_outcome: 0, data_sets: [data_set] });
    // Every environment goes by what it knows for five minutes; these checks must not.
    packs.inUse = { pack: inventedPack(), damaged: false };
    engine.time.advance(1);
    const second = await recheck({ data_set, to });
    expect(second.jobId).not.toBe(first.jobId);
    expect(second.job['result']).toMatchObject({
      rechecked: 1,
      data_sets: [expect.stringContaining('-pack-1')],
    });
    expect((await recheck({ data_set, to })).jobId).not.toBe(second.jobId);
  });

  it('does not repeat what an earlier one made of a check that it finds as well', async () => {
    const { checked, recheck, ruleOf, engine } = await setUp();
    const rows = [await checked(INTERACTING), await checked(INTERACTING, 'user-2')];
    const rule = await ruleOf(rows[0] ?? (await checked(INTERACTING)));
    const { recall } = engine.db.recalls.find(({ jobId }) => jobId === rows[0]?.jobId) ?? {};
    const data_set = recall?.dataSet ?? '';
    for (const body of [{ rule }, { data_set }, { rule, data_set }, { rule }]) {
      engine.time.advance(60);
      expect((await recheck(body)).job['result']).toMatchObject({ found: 2, rechecked: 2 });
    }
    // Without the first ones the repetitions are all that there is.
    engine.time.advance(1);
    const from = engine.time.now();
    await recheck({ rule });
    engine.time.advance(60);
    expect((await recheck({ rule, from })).job['result']).toMatchObject({ found: 2 });
    for (const { jobId } of rows) engine.db.rows.delete(jobId);
    expect((await recheck({ rule }, 'gone')).job['result']).toMatchObject({
      rechecked: 10,
      not_rechecked: { expired: 2 },
    });
  });

  it('goes through more results than a job has children, part by part', async () => {
    const { checked, recheck, ruleOf, engine } = await setUp();
    const rows = [];
    for (let n = 0; n < 60; n += 1) rows.push(await checked(['Zocor', 'clarithromycin'], `user-${n}`));
    const rule = await ruleOf(rows[0] ?? (await checked(INTERACTING)));
    engine.time.advance(60);
    const { job } = await recheck({ rule });
    expect(job['result']).toMatchObject({ found: 60, rechecked: 60, changed_outcome: 0, changed: [] });
    const children = [...engine.db.rows.values()].filter(
      ({ kind, parentId }) => kind === 'interaction-check' && parentId,
    );
    expect(new Set(children.map(({ userRef }) => userRef)).size).toBe(60);
    const parts = [...engine.db.rows.values()].filter(({ kind }) => kind === 'interaction-recheck');
    expect(parts).toHaveLength(3);
  }, 60_000);

  it('counts what cannot be run again, with the reason', async () => {
    const { checked, recheck, ruleOf, engine } = await setUp();
    const [kept, gone, erased] = [
      await checked(INTERACTING),
      await checked(INTERACTING),
      await checked(INTERACTING, 'user-2'),
    ];
    const rule = await ruleOf(kept);
    engine.db.rows.delete(gone.jobId);
    engine.db.erased.add(erased.userRef ?? '');
    engine.time.advance(60);
    const { job } = await recheck({ rule });
    expect(job['result']).toMatchObject({
      rechecked: 1,
      not_rechecked: { erased: 1, expired: 1, failed: 0 },
    });
  });

  it('goes on over one whose result is lost', async () => {
    const { checked, recheck, ruleOf, engine } = await setUp();
    const [kept, lost] = [await checked(INTERACTING), await checked(INTERACTING)];
    engine.db.lost.add(lost.jobId);
    const { job } = await recheck({ rule: await ruleOf(kept) });
    expect(job['result']).toMatchObject({ rechecked: 1, not_rechecked: { expired: 1 } });
  });

  it('succeeds when there is nothing to run again', async () => {
    const { recheck } = await setUp();
    const { job } = await recheck({ rule: 'no-such-rule' });
    expect(job).toMatchObject({ status: 'succeeded', result: { found: 0, rechecked: 0 } });
  });

  it('is looked at by whoever asked for it, and not by another pharmacist', async () => {
    const { recheck, engine } = await setUp();
    const { jobId } = await recheck({ rule: 'no-such-rule' });
    const other = callerAs('pharmacist', 'pharmacist-2');
    await expect(getJob(engine, other, jobId, requestAt(engine))).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it.each([
    [{}, '/rule', 'required'],
    [{ rule: 'x', to: '2027-01-01T00:00:00Z' }, '/to', 'in_future'],
    [{ rule: 'x', from: '2026-11-23T21:00:00Z' }, '/from', 'invalid_value'],
    [{ rule: 'x', from: '2026-02-30T00:00:00Z' }, '/from', 'invalid_instant'],
  ])('refuses %j', async (body, pointer, code) => {
    const { recheck, engine } = await setUp();
    await expect(recheck(body)).rejects.toMatchObject({
      code: 'invalid_input',
      problems: [{ pointer, code }],
    });
    expect(engine.db.rows.size).toBe(0);
  });
});
