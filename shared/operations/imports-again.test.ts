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

  describe('in imports one after the other', () => {
    const at = (hour: string, meta: object) =>
      order({ meta, dosageInstruction: [{ timing: { repeat: { timeOfDay: [`${hour}:00:00`] } } }] });
    const imported = async (...resources: readonly ReturnType<typeof order>[]) => {
      const bench = new ImportBench();
      bench.engine.settings = { defaultTimeZone: 'America/New_York' };
      const found: string[] = [];
      for (const resource of resources) {
        const id = await bench.submit([resource], { format: 'fhir' });
        await bench.run();
        const [line] = await bench.report(id);
        found.push(String(line?.repeated ?? line?.problems?.[0]?.code ?? line?.outcome));
        bench.engine.time.advance(60);
      }
      const schedule = await bench.record('schedule', 'p-1', 'rx-1');
      return { found, times: schedule && 'times' in schedule.body && schedule.body.times };
    };

    it.each([
      ['number', { versionId: '9' }, { versionId: '10' }],
      ['time', { lastUpdated: '2026-11-01T00:00:00Z' }, { lastUpdated: '2026-11-02T00:00:00+02:00' }],
    ])('an older one is refused by its %s, and the schedule stays', async (_, older, newer) => {
      expect(await imported(at('09', newer), at('08', older))).toEqual({
        found: ['accepted', 'older_version'],
        times: ['09:00'],
      });
      expect((await imported(at('08', older), at('09', newer))).found).toEqual(['accepted', 'accepted']);
    });

    it('what was known of a version is not forgotten by one that says less', async () => {
      const written = at('09', { lastUpdated: '2026-11-03T00:00:00Z' });
      const { found, times } = await imported(
        at('08', { versionId: '5' }),
        written,
        at('10', { versionId: '4' }),
      );
      expect(found).toEqual(['accepted', 'accepted', 'older_version']);
      expect(times).toEqual(['09:00']);
    });

    it('one that goes back to what an older one said is carried out; the same one is no second job', async () => {
      const [first, other, back] = [
        at('08', { versionId: '1' }),
        at('09', { versionId: '2' }),
        at('08', { versionId: '3' }),
      ];
      expect(await imported(first, other, back)).toEqual({
        found: ['accepted', 'accepted', 'accepted'],
        times: ['08:00'],
      });
      const sentAgain = { ...back, note: [{ text: 'sent once more' }] };
      expect((await imported(back, sentAgain)).found).toEqual(['accepted', 'true']);
    });

    it('one that says nothing of its version counts, as a line of NDJSON does', async () => {
      expect((await imported(at('08', { versionId: '5' }), at('09', {}))).times).toEqual(['09:00']);
    });
  });
});
