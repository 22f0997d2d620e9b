import { expect, it } from 'vitest';
import { ImportBench, lineFor } from '#test/builders/import-bench.ts';

/** On users of whom those named are erased: of the first nothing is left, of the second the erasure has begun. */
function benchWith(erased: string, closed: string): ImportBench {
  const bench = new ImportBench();
  bench.engine.db.erased.add(bench.engine.refs.user(erased));
  bench.engine.db.closed.set(bench.engine.refs.user(closed), bench.engine.clock());
  return bench;
}

it('an erased user costs their own lines and nobody else’s', async () => {
  const bench = benchWith('user-3', 'user-130');
  const lines = Array.from({ length: 140 }, (_, index) => lineFor(`user-${index}`, 'med-1'));
  // An earlier line of the erased user about the same medication is no more carried out than the one that counts.
  lines[0] = lineFor('user-3', 'med-1');
  const id = await bench.submit(lines);
  await bench.run();
  expect(await bench.view(id)).toMatchObject({
    status: 'completed',
    lines: { total: 140, accepted: 137, rejected: 3, superseded: 0, pending: 0 },
  });
  const rejected = (await bench.report(id)).filter(({ outcome }) => outcome === 'rejected');
  expect(rejected.map(({ line, problems }) => [line, problems?.[0]?.code])).toEqual([
    [1, 'user_erased'],
    [4, 'user_erased'],
    [131, 'user_erased'],
  ]);
  const owners = new Set(bench.jobs('medication-reminder').map(({ userRef }) => userRef));
  expect(owners).not.toContain(bench.engine.refs.user('user-3'));
  expect(owners.size).toBe(137);
});

it('that is of erased users only is refused with a problem for each line, and nothing of it is kept', async () => {
  const bench = benchWith('user-1', 'user-2');
  const records = bench.engine.db.records.size;
  const lines = [lineFor('user-1', 'med-1'), lineFor('user-2', 'med-1'), { medication_id: 'med-1' }];
  await expect(bench.submit(lines)).rejects.toMatchObject({
    code: 'invalid_input',
    problems: [
      { pointer: '/1', code: 'user_erased' },
      { pointer: '/2', code: 'user_erased' },
      { pointer: '/3/user_id', code: 'required' },
    ],
  });
  expect(bench.engine.db.records.size).toBe(records);
  expect(bench.jobs('import')).toEqual([]);
});
