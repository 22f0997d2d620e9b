import { expect, it } from 'vitest';
import { measureMemory } from './measure-memory.ts';

it('backing up, replaying and drilling 64 MB takes no more than 256 MB of memory', async () => {
  const measured = await measureMemory(64);
  expect(measured).toMatchObject({ megabytes: 64, same: true, drilled: true });
  expect(measured.files).toBeGreaterThan(2);
  expect(measured.backup_mb).toBeLessThan(256);
  expect(measured.restore_mb).toBeLessThan(256);
  expect(measured.drill_mb).toBeLessThan(256);
}, 60_000);
