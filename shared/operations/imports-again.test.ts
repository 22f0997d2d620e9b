import { describe, expect, it } from 'vitest';
import { ImportBench, lineFor } from '#test/builders/import-bench.ts';
import { callerAs, requestAt } from '#test/builders/test-engine.ts';
import { cancelJob } from './cancel-job.ts';

const outcomes = async (bench: ImportBench, id: string) =>
  (await bench.report(id)).map(
    ({ outcome, repeated, superseded_by }) => repeated ?? superseded_by ?? outcome,
  );

describe('the same body', () => {
  it('under a key of its own is judged anew, where no job was made of it', async () => {
    const bench = new ImportBench();
    const zoned = { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' };
    const lines = [
      lineFor('a', 'm', { schedule: { frequency: 'BID', times: ['08:00', '20:00'] } }),
      lineFor('b', 'm', { schedule: zoned }),
    ];
    const first = await bench.submit(lines, { key: 'k-1' });
    await bench.run();
    expect(await outcomes(bench, first)).toEqual(['rejected', 'accepted']);
    bench.engine.settings = { defaultTimeZone: 'Europe/Berlin' };
    expect(await bench.submit(lines, { key: 'k-1' })).toBe(first);
    const again = await bench.submit(lines, { key: 'k-2' });
    await bench.run();
    expect(await outcomes(bench, again)).toEqual(['accepted', true]);
    expect(bench.jobs('medication-reminder')).toHaveLength(2);
    // What a key has named stays what it was, also when the key itself is forgotten.
    bench.engine.time.advance(25 * 3_600);
    expect(await bench.submit(lines, { key: 'k-1' })).toBe(first);
  });

  it('of an import that was cancelled runs under a key of its own', async () => {
    const bench = new ImportBench();
    const lines = [lineFor('a', 'm')];
    const first = await bench.submit(lines);
    const admin = callerAs('admin', 'ad');
    await cancelJob(bench.engine, admin, first, requestAt(bench.engine));
    await bench.run();
    expect(await outcomes(bench, first)).toEqual(['failed']);
    expect(await bench.submit(lines)).toBe(first);
    const again = await bench.submit(lines, { key: 'k-1' });
    await bench.run();
    expect(await outcomes(bench, again)).toEqual(['accepted']);
  });
});

describe('two versions of one order', () => {
  const order = (more: object) => ({
    resourceType: 'MedicationRequest',
    id: 'rx-1',
    status: 'active',
    intent: 'order',
    subject: { reference: 'Patient/p-1' },
    medicationCodeableConcept: { text: 'lisinopril 10 mg tablet' },
    dosageInstruction: [{ timing: { repeat: { timeOfDay: ['08:00:00'] } } }],
    ...more,
  });
  const old = order({ meta: { versionId: '2', lastUpdated: '2026-11-01T00:00:00Z' } });
  const stopped = (meta: object | undefined) => order({ status: 'stopped', meta });

  it.each([
    ['the newer one counts where it stands first', [stopped({ versionId: '3' }), old], ['rejected', 1]],
    [
      'by its time, where it has no number',
      [stopped({ lastUpdated: '2026-11-20T00:00:00Z' }), old],
      ['rejected', 1],
    ],
    ['and where it stands last', [old, stopped({ versionId: '3' })], [2, 'rejected']],
    [
      'an old one never, whatever else there is',
      [stopped({ versionId: '3' }), stopped(undefined), old],
      [2, 'rejected', 2],
    ],
    ['of those that do not say the last one counts', [stopped(undefined), old], [2, 'accepted']],
  ])('%s', async (_, resources, expected) => {
    const bench = new ImportBench();
    bench.engine.settings = { defaultTimeZone: 'America/New_York' };
    const id = await bench.submit(resources, { format: 'fhir' });
    await bench.run();
    expect(await outcomes(bench, id)).toEqual(expected);
    const made = await bench.record('schedule', 'p-1', 'rx-1');
    expect(made === undefined).toBe(!expected.includes('accepted'));
  });
});
