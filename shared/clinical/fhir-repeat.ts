import { type Frequency, frequencyOfCode } from './frequency.ts';
import { GTS_MEANINGS, GTS_SYSTEM } from './frequency-vocabulary.ts';
import { isMealEvent } from './meal-times.ts';

/** Days of the week as FHIR `Timing.repeat.dayOfWeek` writes them, Monday first. */
const FHIR_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Weekdays by their ISO numbers, as FHIR's codes. */
export const fhirDays = (weekdays: readonly number[] = []): readonly (typeof FHIR_DAYS)[number][] =>
  FHIR_DAYS.filter((_, index) => weekdays.includes(index + 1));

/** FHIR `Timing.repeat`, with the members that a frequency needs. */
export interface FhirRepeat {
  readonly frequency?: number;
  readonly period?: number;
  readonly periodUnit?: Frequency['repeat']['periodUnit'];
  readonly dayOfWeek?: readonly (typeof FHIR_DAYS)[number][];
  readonly when?: readonly string[];
  readonly count?: number;
}

/** Times of the day that a code names without a clock: codes of HL7 v3 TimingEvent and FHIR event-timing. */
const WHEN = { AM: 'MORN', PM: 'AFT', BED: 'HS' } as const satisfies Record<string, string>;

/**
 * What a canonical code says as FHIR `Timing.repeat`; `null` where it takes more than a repetition (as needed, cycles).
 * @param weekdays ISO numbers, 1 is Monday, when the text named days
 */
export function fhirRepeat(code: string, weekdays?: readonly number[]): FhirRepeat | null {
  if (code === 'PRN' || code === 'CYCLE') return null;
  if (code === 'STAT') return { count: 1 };
  if (isMealEvent(code)) return { when: [code] };
  if (code === 'DAYS') return { dayOfWeek: fhirDays(weekdays) };
  const repeat = frequencyOfCode(code)?.repeat;
  if (!repeat) return null;
  const when = Object.entries(WHEN).find(([named]) => named === code)?.[1];
  return {
    ...repeat,
    ...(when !== undefined && { when: [when] }),
    ...(code === 'WEEKDAYS' && { dayOfWeek: FHIR_DAYS.slice(0, 5) }),
  };
}

/** A canonical code as FHIR `Timing.code`: one of HL7’s, or its own letters. */
export const fhirTimingCode = (
  code: string,
): {
  readonly coding?: readonly { readonly system: string; readonly code: string }[];
  readonly text: string;
} => ({
  ...(Object.hasOwn(GTS_MEANINGS, code) && { coding: [{ system: GTS_SYSTEM, code }] }),
  text: code,
});
