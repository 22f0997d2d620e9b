import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { HOOKS_DIRECTORY_VARIABLE } from './hook-files.ts';
import { clearFaults, placeFaults, resetClock, setClockOffset, waitingFaultCount } from './laptop-hooks.ts';
import { aroundProcess, clock } from './runtime-hooks.ts';

const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
vi.stubEnv(HOOKS_DIRECTORY_VARIABLE, folder);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  clearFaults(folder);
  resetClock(folder);
});

const attempt = (kind = 'refill-check') => aroundProcess(kind, async () => 'done');

test('without orders the work is done at the machine’s time', async () => {
  await expect(attempt()).resolves.toBe('done');
  expect(Math.abs(Date.parse(clock()) - Date.now())).toBeLessThan(1000);
});

test('the clock is as far ahead as was ordered, from the next look on', () => {
  setClockOffset(folder, 3_600_000);
  expect(Math.abs(Date.parse(clock()) - Date.now() - 3_600_000)).toBeLessThan(1000);
});

test('an error happens as often as ordered, to that kind only', async () => {
  placeFaults(folder, 'refill-check', 'error', 2);
  await expect(attempt('backup')).resolves.toBe('done');
  await expect(attempt()).rejects.toMatchObject({ name: 'RetryableError', reason: 'injected_fault' });
  await expect(attempt()).rejects.toMatchObject({ reason: 'injected_fault' });
  await expect(attempt()).resolves.toBe('done');
});

test('after-effect does the work before it fails', async () => {
  placeFaults(folder, 'refill-check', 'after-effect', 1);
  const work = vi.fn(async () => 'done');
  await expect(aroundProcess('refill-check', work)).rejects.toMatchObject({ reason: 'injected_fault' });
  expect(work).toHaveBeenCalledOnce();
});

test('faults happen in the order in which they were placed, beyond the ninth too', async () => {
  placeFaults(folder, 'refill-check', 'error', 10);
  placeFaults(folder, 'refill-check', 'after-effect', 1);
  const work = vi.fn(async () => 'done');
  for (let n = 0; n < 11; n += 1) await aroundProcess('refill-check', work).catch(() => undefined);
  expect(work).toHaveBeenCalledOnce();
  expect(waitingFaultCount(folder, 'refill-check')).toBe(0);
});

test('of many attempts at the same moment each fault meets one', async () => {
  placeFaults(folder, 'refill-check', 'error', 3);
  const settled = await Promise.allSettled(Array.from({ length: 10 }, () => attempt()));
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(3);
});
