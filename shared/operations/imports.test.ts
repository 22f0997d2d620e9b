import { describe, expect, it } from 'vitest';
import { ImportBench, lineFor } from '#test/builders/import-bench.ts';
import { callerAs, planFor } from '#test/builders/test-engine.ts';
import { LINES_PER_CHUNK } from '../jobs/intake/plan-chunks.ts';
import { medicationReminder } from '../jobs/medication-reminder/index.ts';
import { recordAcceptance } from './submit-job.ts';

const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);

describe('an import', () => {
  it('makes a reminder job of each good line and says of each bad one what is wrong', async () => {
    const bench = new ImportBench();
    const lines = users(120).map((user) => lineFor(user, 'med-1'));
    const bad = [
      lineFor('user-3', 'med-1', { schedule: { frequency: 'sometimes', time_zone: 'UTC' } }),
      lineFor('user-40', 'med 1'),
      lineFor('user-41', 'med-1', { priority: 'HIGH' }),
      lineFor('user-90', 'med-1', { medication: { name: 'aspirin', status: 'stopped' } }),
      { user_id: 'user-100', medication_id: 'med-1' },
    ];
    for (const line of bad) lines[Number(String(line['user_id']).slice(5))] = line;
    const id = await bench.submit(lines);
    expect((await bench.view(id)).lines).toMatchObject({ total: 120, done: 0, failed: 0, pending: 120 });
    await bench.run();

    const view = await bench.view(id);
    expect(view).toMatchObject({
      status: 'completed',
      lines: { total: 120, done: 115, failed: 5, pending: 0, accepted: 115, rejected: 5, superseded: 0 },
    });
    expect(view.report).toHaveLength(100);
    const report = await bench.report(id);
    expect(report.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1));
    const rejected = report.filter(({ outcome }) => outcome === 'rejected');
    expect(
      rejected.map(({ line, problems = [] }) => [line, problems.map((p) => `${p.pointer} ${p.code}`)]),
    ).toEqual([
      [4, ['/schedule/frequency frequency_unknown']],
      [41, ['/medication_id wrong_format']],
      [42, ['/priority unknown_field']],
      [91, ['/medication/status not_active']],
      [101, ['/schedule required']],
    ]);
    expect(bench.jobs('medication-reminder')).toHaveLength(115);
    expect(report.filter(({ job_status }) => job_status === 'succeeded')).toHaveLength(115);
    expect(await bench.record('schedule', 'user-0', 'med-1')).toMatchObject({ state: { status: 'active' } });
    expect(await bench.record('schedule', 'user-3', 'med-1')).toBeUndefined();
    for (const row of bench.jobs('medication-reminder')) expect(row.priority).toBe('LOW');
  });

  it('of many lines is split twice, and every line is found again', async () => {
    const bench = new ImportBench();
    // One more than a job may wait for in chunks: fifteen parts are split again, the last one is a single line.
    const count = 30 * LINES_PER_CHUNK + 1;
    const lines = users(count).map((user) => lineFor(user, 'med-1'));
    lines[577] = { user_id: 'user-577' };
    const id = await bench.submit(lines);
    await bench.run();
    expect(await bench.view(id)).toMatchObject({
      status: 'completed',
      lines: { total: count, accepted: count - 1, rejected: 1, pending: 0 },
    });
    const report = await bench.report(id);
    expect(report.map(({ line }) => line)).toEqual(lines.map((_, index) => index + 1));
    expect(report[577]).toMatchObject({ line: 578, outcome: 'rejected' });
    expect(bench.jobs('import-chunk').length).toBe(16 + 15 * 2);
  }, 30_000);

  it('sent again is the same import; a line that came before is the same job, with its medication left alone', async () => {
    const bench = new ImportBench();
    const fill = { last_fill_date: '2026-11-01', days_supply: 30 };
    const refills = { medication: { name: 'aspirin 100 mg', refills_left: 3, ...fill } };
    const lines = [lineFor('a', 'm', refills), lineFor('b', 'm')];
    const id = await bench.submit(lines);
    await bench.run();
    expect(await bench.submit(lines)).toBe(id);
    const medication = await bench.record('medication', 'a', 'm');
    if (medication?.type !== 'medication') throw new Error('Nothing was written of the medication.');
    expect(medication.body).toMatchObject({ name: 'aspirin 100 mg', refillsLeft: 3 });
    const told = { date: '2026-11-01', daysSupply: 30, medicationRef: medication.id };
    expect([...bench.engine.db.events.fills.values()]).toMatchObject([told]);
    const { type, state, body, version } = medication;
    const write = { type, owner: bench.engine.refs.user('a'), id: medication.id, state, expect: version };
    await bench.engine.schedules.commit([{ ...write, body: { ...body, refillsLeft: 1 } }], []);

    bench.engine.time.advance(3_600);
    const jobs = bench.jobs('medication-reminder').map(({ jobId }) => jobId);
    const overlapping = await bench.submit([...lines, lineFor('c', 'm')]);
    expect(overlapping).not.toBe(id);
    await bench.run();
    const report = await bench.report(overlapping);
    expect(report.map(({ outcome, repeated = false }) => [outcome, repeated])).toEqual([
      ['accepted', true],
      ['accepted', true],
      ['accepted', false],
    ]);
    expect(report.slice(0, 2).map(({ job_id }) => job_id)).toEqual(
      (await bench.report(id)).map(({ job_id }) => job_id),
    );
    expect(bench.jobs('medication-reminder')).toHaveLength(jobs.length + 1);
    expect(await bench.record('medication', 'a', 'm')).toMatchObject({ body: { refillsLeft: 1 } });
    expect(await bench.record('schedule', 'a', 'm')).toMatchObject({ state: { revision: 1 } });
  });

  it('carries out the last line about a medication; the earlier ones are superseded, also by one that is wrong', async () => {
    const bench = new ImportBench();
    const id = await bench.submit([
      lineFor('a', 'm'),
      lineFor('a', 'other'),
      lineFor('a', 'm', { schedule: { frequency: 'daily', times: ['09:00'], time_zone: 'UTC' } }),
      lineFor('b', 'm'),
      lineFor('b', 'm', { schedule: { frequency: 'od' } }),
    ]);
    await bench.run();
    expect((await bench.report(id)).map(({ outcome, superseded_by }) => [outcome, superseded_by])).toEqual([
      ['superseded', 3],
      ['accepted', undefined],
      ['accepted', undefined],
      ['superseded', 5],
      ['rejected', undefined],
    ]);
    expect(await bench.record('schedule', 'a', 'm')).toMatchObject({ body: { times: ['09:00'] } });
    expect(await bench.record('schedule', 'b', 'm')).toBeUndefined();
  });

  it('never replaces a schedule that was accepted after it', async () => {
    const bench = new ImportBench();
    const { engine } = bench;
    const id = await bench.submit([lineFor('a', 'm')]);
    engine.time.advance(1);
    const payload = lineFor('a', 'm', {
      schedule: { frequency: 'QD', times: ['07:00'], time_zone: 'UTC', start_date: '2026-11-23' },
    });
    await recordAcceptance(
      engine,
      // A body that the endpoint would have completed just so.
      planFor(engine, medicationReminder, { payload: payload as never, priority: 'HIGH' }),
    );
    await bench.run();
    expect(await bench.record('schedule', 'a', 'm')).toMatchObject({ body: { times: ['07:00'] } });
    expect((await bench.report(id))[0]).toMatchObject({ outcome: 'accepted', job_status: 'superseded' });
  });

  it('keeps what is known of a medication where the line says nothing, and a pause', async () => {
    const bench = new ImportBench();
    const line = (more: object) => lineFor('a', 'm', { medication: { name: 'aspirin 100 mg', ...more } });
    await bench.submit([line({ days_supply: 30, status: 'paused' })]);
    await bench.run();
    await bench.submit([line({ refills_left: 2 })]);
    await bench.run();
    const [first, second] = await Promise.all([
      bench.record('medication', 'a', 'm'),
      bench.record('schedule', 'a', 'm'),
    ]);
    expect(first).toMatchObject({ state: { status: 'paused' }, body: { daysSupply: 30, refillsLeft: 2 } });
    expect(second).toMatchObject({ state: { revision: 2 } });
    const evidence = [...bench.engine.db.audit.values()].filter(
      ({ action }) => action === 'medication.changed',
    );
    expect(evidence).toMatchObject([
      { subjectRef: bench.engine.refs.user('a'), details: { status: 'paused', line: 1 } },
      { subjectRef: bench.engine.refs.user('a'), details: { from: 'paused', line: 1 } },
    ]);
  });

  it('refuses what a high-alert product may not do, unless a pharmacist takes it on', async () => {
    const daily = lineFor('a', 'm', {
      schedule: { frequency: 'daily', times: ['08:00'], time_zone: 'UTC' },
      medication: { name: 'methotrexate 2.5 mg tablet' },
    });
    const bench = new ImportBench();
    const id = await bench.submit([daily]);
    await bench.run();
    expect((await bench.report(id))[0]?.problems).toMatchObject([{ code: 'high_alert_frequency' }]);
    expect(await bench.record('medication', 'a', 'm')).toBeUndefined();

    const pharmacist = new ImportBench(callerAs('pharmacist', 'ph-1', ['a']));
    const schedule = {
      frequency: 'daily',
      times: ['08:00'],
      time_zone: 'UTC',
      override_reason: 'Oncology protocol.',
    };
    const over = await pharmacist.submit([{ ...daily, schedule }]);
    await pharmacist.run();
    expect((await pharmacist.report(over))[0]).toMatchObject({
      outcome: 'accepted',
      job_status: 'succeeded',
    });
    const [accepted] = [...pharmacist.engine.db.audit.values()].filter(
      ({ action, details }) => action === 'job.accepted' && details['kind'] === 'medication-reminder',
    );
    expect(accepted?.details).toMatchObject({
      high_alert: 'overridden',
      import_id: over,
      line: 1,
      role: 'pharmacist',
    });
  });

  it('brings MedicationRequests of FHIR', async () => {
    const bench = new ImportBench();
    const resource = (id: string, more: object = {}) => ({
      resourceType: 'MedicationRequest',
      id,
      status: 'active',
      intent: 'order',
      subject: { reference: 'Patient/p-1' },
      medicationCodeableConcept: { text: 'lisinopril 10 mg tablet' },
      dosageInstruction: [{ timing: { repeat: { timeOfDay: ['08:00:00', '20:00:00'] } } }],
      note: [{ text: 'She told me about her divorce.' }],
      ...more,
    });
    bench.engine.settings = { defaultTimeZone: 'America/New_York' };
    const id = await bench.submit(
      [resource('rx-1'), resource('rx-2', { status: 'stopped' }), { resourceType: 'Patient', id: 'p-1' }],
      { format: 'fhir' },
    );
    expect(JSON.stringify([...bench.engine.db.records.values()])).not.toContain('divorce');
    await bench.run();
    expect((await bench.report(id)).map(({ outcome, problems }) => [outcome, problems?.[0]?.code])).toEqual([
      ['accepted', undefined],
      ['rejected', 'not_active'],
      ['rejected', 'not_a_medication_request'],
    ]);
    expect(await bench.record('schedule', 'p-1', 'rx-1')).toMatchObject({
      body: { times: ['08:00', '20:00'], timeZone: 'America/New_York' },
    });
  });
});
