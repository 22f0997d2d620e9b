import { join } from 'node:path';

/** Environment variable that tells a laptop bundle where its hooks lie; the emulator hands it to every function. */
export const HOOKS_DIRECTORY_VARIABLE = 'LAPTOP_HOOKS_DIR';

export const FAULT_MODES = ['error', 'crash', 'timeout', 'after-effect'] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

export const isFaultMode = (text: string): text is FaultMode => FAULT_MODES.some((mode) => mode === text);

/** `{"offsetMs": <number>}`: how far the functions' clock is ahead of the machine's. */
export const clockFile = (hooksDirectory: string): string => join(hooksDirectory, 'clock.json');

/** One line of JSON per call of AWS, written by every function for as long as this file stands. */
export const awsCallsFile = (hooksDirectory: string): string => join(hooksDirectory, 'aws-calls.jsonl');

/** One file per fault that is still to happen, named `<mode>-<n>`; removing it is what consumes it. */
export const faultsDirectory = (hooksDirectory: string, kind: string): string =>
  join(hooksDirectory, 'faults', kind);
