import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { awsCallsFile, clockFile, type FaultMode, faultsDirectory } from './hook-files.ts';
import type { AwsCall } from './record-aws-calls.ts';

/** Sets the functions' clock so many milliseconds ahead of the machine's (negative: behind). Every function sees it at once. */
export function setClockOffset(hooksDirectory: string, offsetMs: number): void {
  const file = clockFile(hooksDirectory);
  mkdirSync(dirname(file), { recursive: true });
  // Renamed into place, so that no function ever reads half a file.
  writeFileSync(`${file}.new`, JSON.stringify({ offsetMs }));
  renameSync(`${file}.new`, file);
}

export function resetClock(hooksDirectory: string): void {
  rmSync(clockFile(hooksDirectory), { force: true });
}

/** Lets the next `times` attempts of that kind fail in that way, after the faults that already wait. */
export function placeFaults(hooksDirectory: string, kind: string, mode: FaultMode, times: number): void {
  const folder = faultsDirectory(hooksDirectory, kind);
  mkdirSync(folder, { recursive: true });
  const taken = readdirSync(folder).map((name) => Number(name.slice(name.lastIndexOf('-') + 1)));
  const first = Math.max(0, ...taken) + 1;
  for (let n = first; n < first + times; n += 1) writeFileSync(join(folder, `${mode}-${n}`), '');
}

/** How many faults still wait for that kind. */
export function waitingFaultCount(hooksDirectory: string, kind: string): number {
  try {
    return readdirSync(faultsDirectory(hooksDirectory, kind)).length;
  } catch {
    return 0;
  }
}

export function clearFaults(hooksDirectory: string): void {
  rmSync(join(hooksDirectory, 'faults'), { recursive: true, force: true });
}

/** Milliseconds by which the functions' clock is ahead; 0 when nobody has set it. */
export function clockOffset(hooksDirectory: string): number {
  try {
    const { offsetMs }: { offsetMs: number } = JSON.parse(readFileSync(clockFile(hooksDirectory), 'utf8'));
    return offsetMs;
  } catch {
    return 0;
  }
}

/** From now on functions write down each call of AWS. */
export function startRecordingAwsCalls(hooksDirectory: string): void {
  mkdirSync(hooksDirectory, { recursive: true });
  writeFileSync(awsCallsFile(hooksDirectory), '');
}

/** The calls since the recording began; a repeated call stands there once. */
export function recordedAwsCalls(hooksDirectory: string): readonly AwsCall[] {
  const lines = readFileSync(awsCallsFile(hooksDirectory), 'utf8').split('\n');
  return [...new Set(lines)].filter((line) => line !== '').map((line): AwsCall => JSON.parse(line));
}
