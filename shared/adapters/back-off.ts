import { setTimeout as sleep } from 'node:timers/promises';

/** Waits before try number `tries` (from 1): full jitter, doubling from `baseMs`. */
export const backOff = (tries: number, baseMs: number): Promise<void> =>
  sleep(Math.random() * baseMs * 2 ** (tries - 1));
