import type { OnProgress } from './read-lines.ts';

const STEP_PERCENT = 10;

/** A line for every tenth of a file that takes longer than one piece. */
export function createProgress(print: (line: string) => void): OnProgress {
  const told = new Map<string, number>();
  return (file, bytesRead, bytes) => {
    const step = Math.floor((bytesRead * 100) / Math.max(bytes, 1) / STEP_PERCENT);
    if (step === (told.get(file) ?? 0) || bytesRead === bytes) return;
    told.set(file, step);
    print(`${file}: ${step * STEP_PERCENT} %`);
  };
}
