import { expect, it } from 'vitest';
import { measureMemory } from './measure-memory.ts';

it('backing up, replaying and drilling 1 GB takes no more memory than 256 MB do', async () => {
  const [small, large] = [await measureMemory(256), await measureMemory(1_024)];
  console.log(JSON.stringify([small, large]));
  expect(large.same).toBe(true);
  expect(large.megabytes).toBeGreaterThanOrEqual(1_024);
  for (const { backup_mb, restore_mb, drill_mb } of [small, large])
    expect(Math.max(backup_mb, restore_mb, drill_mb)).toBeLessThan(256);
}, 600_000);
