import { describe, expect, it } from 'vitest';
import { useStack } from '#infra/local/testing/use-stack.ts';

const USER = 'flow-interactions';
const RULE = 'label-simvastatin-contraindicated';

/** What the API shows of a check, as far as this flow looks at it. */
interface Check {
  readonly outcome?: string;
  readonly result: {
    readonly outcome?: string;
    readonly findings?: readonly { readonly id: string; readonly rule_id: string }[];
    readonly released?: { readonly findings: readonly unknown[]; readonly note?: string };
    readonly current?: object;
    readonly data_set?: { readonly id: string; readonly version: string };
  };
}

describe('an interaction check', () => {
  const stack = useStack();

  const people = async () => ({
    pharmacist: await stack.token('pharmacist', 'flow-pharmacist', { careFor: [USER] }),
    patient: await stack.token('patient', USER),
    auditor: await stack.token('auditor', 'flow-auditor'),
  });

  async function checked(token: string, body: object): Promise<{ jobId: string; check: Check }> {
    const answer = await stack.call('POST', '/jobs/interaction-check', {
      token,
      body: { user_id: USER, ...body },
    });
    expect(answer.status).toBe(202);
    const { job_id: jobId } = answer.body as { job_id: string }; // its documented shape
    await stack.waitForJob(jobId, token);
    return { jobId, check: await read(token, jobId) };
  }

  const read = async (token: string, jobId: string): Promise<Check> =>
    (await stack.call('GET', `/jobs/${jobId}`, { token })).body as Check; // its documented shape

  it('takes the record in, is released, found again by its rule and run again', async () => {
    const { pharmacist, patient, auditor } = await people();
    for (const [id, body] of [
      ['med-statin', { name: 'Zocor 40 mg' }],
      ['med-same', { name: 'Clarithromycin 500 mg tablet' }],
    ] as const)
      expect(
        (await stack.call('PUT', `/users/${USER}/medications/${id}`, { token: pharmacist, body })).status,
      ).toBe(200);

    const { jobId, check } = await checked(pharmacist, {
      medications: ['clarithromycin 500 mg'],
      include_current: true,
      minimum_level: 'major',
    });
    expect(check).toMatchObject({
      outcome: 'findings',
      result: {
        outcome: 'findings',
        findings: expect.arrayContaining([
          expect.objectContaining({
            level: 'contraindicated',
            management: expect.any(String),
            from_record: [{ medication_id: 'med-statin', medication: 'Zocor 40 mg' }],
          }),
        ]),
        current: { same_as_given: [{ medication_id: 'med-same', given: 'clarithromycin 500 mg' }] },
      },
    });

    // The list shows the outcome to those who see the result, and to nobody else.
    const listed = async (token: string) => {
      const { body } = await stack.call('GET', '/jobs?kind=interaction-check', { token });
      const { jobs } = body as { jobs: { job_id: string; outcome?: string }[] }; // its documented shape
      return jobs.find(({ job_id }) => job_id === jobId)?.outcome;
    };
    expect([await listed(pharmacist), await listed(patient)]).toEqual(['findings', undefined]);

    // The patient is told nothing of it, then what is released.
    expect((await read(patient, jobId)).result).toEqual({ checked: true, message: expect.any(String) });
    const [finding] = check.result.findings ?? [];
    const body = { findings: [finding?.id], note: 'Pause Zocor for now.' };
    expect((await stack.call('POST', `/jobs/${jobId}/release`, { token: patient, body })).status).toBe(404);
    const release = () => stack.call('POST', `/jobs/${jobId}/release`, { token: pharmacist, body });
    const first = await release();
    expect(first).toMatchObject({ status: 200, body: { release: { revision: 1 } } });
    expect((await release()).body).toEqual(first.body);
    expect((await read(patient, jobId)).result.released).toMatchObject({
      findings: [{ id: finding?.id, message: expect.stringContaining('not taken together') }],
      note: 'Pause Zocor for now.',
    });
    const audit = (await stack.items('audit')).filter(
      (item) => item['action'] === 'findings.released' && item['jobId'] === jobId,
    );
    expect(audit).toHaveLength(1);
    expect(JSON.stringify(audit)).not.toMatch(/Zocor|simvastatin|clarithromycin/);

    // Somebody finds the rule to be wrong.
    const found = async (token: string) => {
      const { status, body: page } = await stack.call('GET', `/interaction-results?rule=${RULE}&limit=100`, {
        token,
      });
      expect(status).toBe(200);
      const { results } = page as { results: { job_id: string }[] }; // its documented shape
      return results.find((one) => one.job_id === jobId);
    };
    expect(await found(pharmacist)).toMatchObject({ outcome: 'findings', level: 'contraindicated' });
    expect(Object.keys((await found(auditor)) ?? {}).sort()).toEqual([
      'data_set',
      'ended_at',
      'job_id',
      'rules',
    ]);
    expect((await stack.call('GET', `/interaction-results?rule=${RULE}`, { token: patient })).status).toBe(
      403,
    );

    const recheck = () =>
      stack.call('POST', '/interaction-results/recheck', { token: pharmacist, body: { rule: RULE } });
    // At the same time: one that has ended is another job for whoever asks again.
    const [accepted, again] = await Promise.all([recheck(), recheck()]);
    expect(accepted.status).toBe(202);
    expect(again.body).toEqual(accepted.body);
    const { job_id: recheckId } = accepted.body as { job_id: string }; // its documented shape
    const view = await stack.waitForJob(recheckId, pharmacist, ['succeeded', 'failed'], 60);
    expect(view).toMatchObject({ status: 'succeeded', result: { changed_outcome: 0, changed: [] } });
    const { result } = view as { result: { found: number; rechecked: number } }; // its documented shape
    expect(result.rechecked).toBeGreaterThan(0);
    expect(result.rechecked).toBe(result.found);
  });

  it('tells in the table neither rule nor level nor outcome', async () => {
    const { pharmacist } = await people();
    await checked(pharmacist, { medications: ['sildenafil', 'nitroglycerin'] });
    const entries = (await stack.items('jobs')).filter((item) => String(item['pk']).startsWith('RECALL#'));
    expect(entries.length).toBeGreaterThan(0);
    const members = new Set(entries.flatMap((entry) => Object.keys(entry)));
    expect([...members].sort()).toEqual([
      'body',
      'endedAt',
      'jobId',
      'pk',
      'ref',
      'sk',
      'ttl',
      'userRef',
      'v',
    ]);
    expect(JSON.stringify(entries.map(({ body: _body, ...clear }) => clear))).not.toMatch(
      /nitrate|sildenafil|contraindicated|findings/,
    );
  });
});
