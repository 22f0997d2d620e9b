import { expect, it } from 'vitest';
import { newDrill } from '#shared/jobs/archive/drill-run.ts';
import { addSeconds } from '#shared/lifecycle/instant.ts';
import { createInMemoryArchive } from '#test/fakes/in-memory-archive.ts';
import { createInMemoryDrillTables } from '#test/fakes/in-memory-drill.ts';
import { createRecordingLog } from '#test/fakes/quiet.ts';
import { restoreDrill } from './handler.ts';

const START = '2026-03-01T06:10:00.000Z';

/** A function whose clock goes on by a second each time that it is read. */
function bench(stepSeconds: number) {
  const archive = createInMemoryArchive();
  const log = createRecordingLog();
  let now = START;
  const clock = () => {
    now = addSeconds(now, 1);
    return now;
  };
  const step = restoreDrill({
    archive,
    tables: createInMemoryDrillTables(),
    keyNames: ['pk', 'sk'],
    publicKey: async () => archive.publicKey,
    clock,
    log,
    stepSeconds,
  });
  return { step, log };
}

it('goes on for as long as a step may take, and hands back how far it came', async () => {
  const short = await bench(1).step(newDrill(START));
  expect(short).toMatchObject({ phase: 'clear', table: 1, faults: [] });
  const { step, log } = bench(60);
  const long = await step(short);
  // Without any backup the next thing after clearing is a verdict.
  expect(long).toMatchObject({ phase: 'empty', faults: ['There is no finished backup.'] });
  expect(await step(long)).toMatchObject({ phase: 'done' });
  expect(log.all).toMatchObject([
    { event: 'drill.step_done', fields: { reason: 'empty', count: 1 } },
    { event: 'drill.step_done', fields: { reason: 'done', count: 1 } },
  ]);
});
