import { expect, it } from 'vitest';
import { sayingWhatStands } from './half-done.ts';

it('says which tables hold half a restore, after the reason', async () => {
  const broken = sayingWhatStands(['rescue-jobs', 'rescue-records'], async () => {
    throw new Error('data/000.json.gz differs from its checksum.');
  });
  await expect(broken).rejects.toThrow(
    /^data\/000\.json\.gz differs from its checksum\.\nNOT WHOLE: rescue-jobs and rescue-records may hold a part of the backup\./,
  );
});

it('gives what came of it when nothing stopped it', async () => {
  expect(await sayingWhatStands(['rescue-jobs'], async () => 7)).toBe(7);
});
