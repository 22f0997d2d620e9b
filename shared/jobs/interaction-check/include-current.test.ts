import { describe, expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import type { MedicationBody, MedicationStatus, ScheduleBody } from '../ports.ts';
import { process } from './process.ts';
import { MOST_CURRENT } from './read-current.ts';

const NOW = '2026-11-23T20:55:41.000Z';
const USER = 'patient-1';

/** The user's record as the test says, and a check with it. */
function recordOf(
  ...medications: (Partial<MedicationBody> & { id: string; status?: MedicationStatus; schedule?: string })[]
) {
  const bench = new KindBench(NOW);
  const owner = bench.refs.user(USER);
  for (const { id: medicationId, status = 'active', schedule, ...body } of medications) {
    const id = bench.refs.medication(USER, medicationId);
    bench.write({
      type: 'medication',
      owner,
      id,
      expect: 'absent',
      state: { status },
      body: { userId: USER, medicationId, ...body },
    });
    if (schedule !== undefined) bench.write(scheduleOf(bench, medicationId, schedule));
  }
  const check = async (medications: string[], more: object = {}) => {
    const payload = { user_id: USER, medications, include_current: true, ...more };
    const done = await process({ payload, attempt: 1 }, bench.world());
    if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
    return { ...done, result: JSON.parse(JSON.stringify(done.result)) };
  };
  return { bench, check };
}

const scheduleOf = (bench: KindBench, medicationId: string, medicationName: string) => {
  const body: ScheduleBody = {
    userId: USER,
    medicationId,
    frequency: 'QD',
    times: ['08:00'],
    timeZone: 'UTC',
    startDate: '2026-11-01',
    tzdataVersion: '2026a',
    medicationName,
  };
  return {
    type: 'schedule' as const,
    owner: bench.refs.user(USER),
    id: bench.refs.medication(USER, medicationId),
    expect: 'absent' as const,
    state: { status: 'active' as const, nextDueAt: NOW, acceptedAt: NOW, revision: 1 },
    body,
  };
};

describe('a check with the current medications', () => {
  it('finds what a new medication does with one on record, and says which entry came from there', async () => {
    const { check } = recordOf(
      { id: 'm-statin', name: 'Zocor 40 mg' },
      { id: 'm-old', name: 'warfarin', status: 'stopped' },
    );
    const { result } = await check(['clarithromycin 500 mg']);
    expect(result.outcome).toBe('findings');
    expect(result.findings[0]).toMatchObject({
      level: 'contraindicated',
      medications: expect.arrayContaining(['Zocor 40 mg', 'clarithromycin 500 mg']),
      from_record: [{ medication_id: 'm-statin', medication: 'Zocor 40 mg' }],
    });
    expect(result.current).toEqual({
      joined: [{ medication_id: 'm-statin', medication: 'Zocor 40 mg' }],
      same_as_given: [],
      unnamed: [],
      contradictory: [],
      paused: [],
    });
  });

  it('takes a current medication under the name of a given entry for that very entry, and says so', async () => {
    const { check } = recordOf({ id: 'm-1', name: 'Warfarin Sodium 5 mg tablet' });
    const { result } = await check(['warfarin', 'amoxicillin']);
    expect(result.findings.filter(({ kind }: { kind: string }) => kind === 'duplicate')).toEqual([]);
    expect(result.counts.entries).toBe(2);
    expect(result.current.same_as_given).toEqual([
      { medication_id: 'm-1', medication: 'Warfarin Sodium 5 mg tablet', given: 'warfarin' },
    ]);
  });

  it.each([
    ['Coumadin', 'warfarin'],
    ['Coumadin 5 mg', 'warfarin 5 mg'],
    ['warfarin 2 mg', 'warfarin 5 mg'],
    ['Percocet 5/325', 'Percocet 10/325'],
    ['Coumadin', 'rxcui:11289'],
    ['warfarin', 'warfarin, aspirin'],
    ['fentanyl lozenge', 'fentanyl patch'],
    ['methotrexate daily', 'methotrexate weekly'],
    ['insulin 70/30', 'insulin'],
    ['metformin 500 mg daily', 'metformin 500 mg twice daily'],
    ['morphine IR', 'morphine ER'],
    ['testosterone gel', 'testosterone injection'],
  ])('finds a duplicate when %s is given to somebody who has %s on record', async (given, name) => {
    const { result } = await recordOf({ id: 'm-1', name }).check([given]);
    expect(result.findings).toContainEqual(
      expect.objectContaining({
        kind: 'duplicate',
        from_record: [{ medication_id: 'm-1', medication: name }],
      }),
    );
    expect(result.current.same_as_given).toEqual([]);
  });

  it.each([
    ['Percocet 5-325 mg tablet', 'percocet 5/325'],
    ['metformin 1,000 mg', 'metformin HCl 1000 mg twice daily'],
    ['warfarin .5 mg', 'warfarin 0.5 mg'],
    ['11289', 'warfarin 5 mg'],
    ['Tylenol', 'Tylenol 500 mg'],
    ['metoprolol ER', 'metoprolol tablet once daily'],
    ['fentanyl patch', 'fentanyl transdermal system'],
    ['metformin 500 mg oral tablet', 'metformin 500 mg tab'],
    ['methotrexate', 'methotrexate weekly'],
  ])('takes %s for %s on record', async (given, name) => {
    const { result } = await recordOf({ id: 'm-1', name }).check([given]);
    expect(result.current.same_as_given).toHaveLength(1);
    expect(result.findings).toEqual([]);
  });

  it('still finds a substance that is on the record twice, or hidden in another product', async () => {
    const twice = recordOf({ id: 'm-1', name: 'warfarin 5 mg' }, { id: 'm-2', name: 'Coumadin 2 mg' });
    const kinds = async (check: ReturnType<typeof recordOf>['check'], given: string[]) =>
      (await check(given)).result.findings.map(({ kind }: { kind: string }) => kind);
    expect(await kinds(twice.check, ['warfarin'])).toContain('duplicate');
    const inside = recordOf({ id: 'm-1', name: 'acetaminophen' });
    expect(await kinds(inside.check, ['Percocet'])).toContain('duplicate');
  });

  it('takes each part of a given list for a medication on record', async () => {
    const { check } = recordOf({ id: 'm-1', name: 'warfarin' }, { id: 'm-2', name: 'aspirin' });
    const { result } = await check(['warfarin, aspirin']);
    expect(result.current.same_as_given).toHaveLength(2);
    expect(result.findings.map(({ kind }: { kind: string }) => kind)).not.toContain('duplicate');
  });

  it('is incomplete when one has no name on record, whatever was found, and says so', async () => {
    const { check } = recordOf({ id: 'm-named', name: 'Zocor' }, { id: 'm-bare' });
    const { result, summary, recall } = await check(['clarithromycin']);
    expect(result).toMatchObject({
      outcome: 'incomplete',
      statement: expect.stringContaining('1 current medication has no name on record'),
      current: { unnamed: ['m-bare'] },
      findings: [{ level: 'contraindicated' }],
    });
    expect(summary).toMatch(/^incomplete: .*1 without a name/);
    expect(recall).toMatchObject({ outcome: 'incomplete', level: 'contraindicated' });
    const alone = await recordOf({ id: 'm-bare' }, { id: 'm-bare-2' }).check(['warfrin']);
    expect(alone.result.statement).toContain('Not recognised: 1 entry.');
    expect(alone.result.statement).toContain('2 current medications have no name on record');
  });

  it('reads the name, the code, and what the request for reminders wrote, each meaning once', async () => {
    const { bench, check } = recordOf(
      { id: 'm-code', rxcui: '11289' },
      { id: 'm-coded', name: 'atorvastatin', rxcui: '99999999', schedule: 'Lipitor' },
      { id: 'm-scheduled', schedule: 'Zocor 40 mg' },
    );
    bench.write(scheduleOf(bench, 'm-only-schedule', 'ibuprofen'));
    const { result } = await check(['clarithromycin']);
    expect(result.current.joined).toEqual([
      { medication_id: 'm-code', medication: 'rxcui:11289' },
      { medication_id: 'm-coded', medication: 'atorvastatin' },
      { medication_id: 'm-only-schedule', medication: 'ibuprofen' },
      { medication_id: 'm-scheduled', medication: 'Zocor 40 mg' },
    ]);
  });

  it.each([
    ['acetaminophen and ibuprofn', '161'],
    ['Coumadn 5 mg', '161'],
    ['ibuprofn tablets', '11289'],
  ])(
    'asks about the name %j, which code %s does not make good, and compares the code',
    async (name, rxcui) => {
      const { check } = recordOf({ id: 'm-1', name, rxcui });
      const { result, summary } = await check(['amoxicillin']);
      expect(result.outcome).toBe('incomplete');
      expect(result.unrecognised).toEqual([expect.objectContaining({ medication: name })]);
      expect(result.current.joined).toEqual([
        { medication_id: 'm-1', medication: name },
        { medication_id: 'm-1', medication: `rxcui:${rxcui}` },
      ]);
      expect(summary).toMatch(/^incomplete: .*1 unrecognised/);
    },
  );

  it('is incomplete when a name and a code on record stand for different drugs, and compares both', async () => {
    const { check } = recordOf({ id: 'm-1', name: 'acetaminophen', rxcui: '11289' });
    const { result, summary } = await check(['ibuprofen']);
    expect(result).toMatchObject({
      outcome: 'incomplete',
      statement: expect.stringContaining('Of 1 current medication the record names different drugs'),
      current: { contradictory: ['m-1'] },
    });
    expect(result.findings).toContainEqual(
      expect.objectContaining({ medications: expect.arrayContaining(['ibuprofen', 'rxcui:11289']) }),
    );
    expect(summary).toContain('1 with names that differ');
  });

  it('asks about a name on record that is not recognised, instead of leaving it out', async () => {
    const { check } = recordOf({ id: 'm-1', name: 'warfrin' });
    const { result } = await check(['ibuprofen', 'amoxicillin']);
    expect(result).toMatchObject({
      outcome: 'incomplete',
      unrecognised: [{ medication: 'warfrin', candidates: expect.arrayContaining([expect.anything()]) }],
    });
  });

  it('does not compare those whose reminders are paused, names them, and is incomplete', async () => {
    const { check } = recordOf({ id: 'm-1', name: 'Zocor', status: 'paused' });
    const { result, summary } = await check(['clarithromycin', 'levothyroxine']);
    expect(result).toMatchObject({ outcome: 'incomplete', current: { joined: [], paused: ['m-1'] } });
    expect(result.statement).toContain('1 current medication is paused and not compared');
    expect(summary).toContain('1 paused');
  });

  it('fails for good when there are more than it can take, rather than check a part', async () => {
    const many = Array.from({ length: MOST_CURRENT + 1 }, (_, index) => ({
      id: `m-${index}`,
      name: 'aspirin',
    }));
    await expect(recordOf(...many).check(['warfarin'])).rejects.toMatchObject({
      name: 'PermanentError',
      code: 'too_many_current_medications',
    });
    const most = await recordOf(...many.slice(1)).check(['warfarin']);
    expect(most.result.counts.entries).toBe(MOST_CURRENT + 1);
  });

  it('reads no record unless asked to', async () => {
    const { bench } = recordOf({ id: 'm-1', name: 'Zocor' });
    const payload = { user_id: USER, medications: ['clarithromycin'] };
    const done = await process({ payload, attempt: 1 }, bench.world());
    expect(done).toMatchObject({ result: { outcome: 'nothing_to_compare' } });
    expect(done.end === 'succeeded' && Object.hasOwn(done.result, 'current')).toBe(false);
  });
});

describe('a minimum level', () => {
  it('hides what lies below, never what is contraindicated, and its rules are recalled all the same', async () => {
    const { check } = recordOf();
    const given = ['Zocor', 'clarithromycin', 'amlodipine', 'lisinopril', 'ibuprofen'];
    const [whole, shown] = [await check(given), await check(given, { minimum_level: 'contraindicated' })];
    const hidden = Object.values<number>(shown.result.hidden).reduce((sum, count) => sum + count, 0);
    expect(hidden).toBeGreaterThan(0);
    expect(shown.result.findings.length + hidden).toBe(whole.result.findings.length);
    expect(shown.result.findings).toContainEqual(expect.objectContaining({ level: 'contraindicated' }));
    expect(shown.recall).toEqual(whole.recall);
    expect(shown.result.outcome).toBe(whole.result.outcome);
  });
});
