import type { StackFile } from '../stack-file.ts';
import { clockOffset, resetClock, setClockOffset } from './laptop-hooks.ts';
import { setWatermarks } from './watermarks.ts';

/**
 * Moves the clock that the functions read. When a person turns it back the tick reads its minutes again; what was
 * published stays published: an occurrence is made once.
 * @returns the functions' time now
 */
export async function moveClock(stack: StackFile, offsetMs: number): Promise<string> {
  const before = clockOffset(stack.hooksDir);
  if (offsetMs === 0) resetClock(stack.hooksDir);
  else setClockOffset(stack.hooksDir, offsetMs);
  const now = Date.now() + offsetMs;
  if (offsetMs < before) await setWatermarks(stack, now, 'all');
  return new Date(now).toISOString();
}
