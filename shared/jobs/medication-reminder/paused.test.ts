import { expect, it } from 'vitest';
import { KindBench } from '#test/builders/kind-bench.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { rules } from './rules.ts';

it('a new schedule does not end a pause, and says that nothing is sent', async () => {
  const bench = new KindBench('2026-03-07T15:00:00.000Z');
  const { user_id: userId, medication_id: medicationId } = example;
  bench.write({
    type: 'medication',
    owner: bench.refs.user(userId),
    id: bench.refs.medication(userId, medicationId),
    expect: 'absent',
    state: { status: 'paused' },
    body: { userId, medicationId },
  });
  const ruling = rules(
    { ...example, schedule: { ...example.schedule, dose_units: 2 } },
    { now: bench.now, records: [] },
  );
  if (!ruling.ok) throw new Error('The rules refused the schedule.');
  const done = bench.commit(await process(bench.job(ruling.payload), bench.world()));
  expect(bench.all('medication')).toMatchObject([{ state: { status: 'paused' }, body: { doseUnits: 2 } }]);
  expect(bench.all('schedule')).toMatchObject([{ state: { status: 'active' } }]);
  const warnings = done.end === 'succeeded' ? done.result['warnings'] : [];
  expect(warnings).toContainEqual(expect.objectContaining({ code: 'medication_paused' }));
});
