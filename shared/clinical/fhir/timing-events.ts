import { isMealEvent, MEAL_EVENTS } from '../meal-times.ts';
import type { FhirElement } from './element.ts';

/** Times of the day that have a frequency of their own: HL7 v3 GTSAbbreviation AM, PM and BED. */
const DAY_EVENTS = { MORN: 'AM', EVE: 'PM', HS: 'BED' } as const satisfies Record<string, string>;

/** Three single meals that together are the event of every meal. */
const EVERY_MEAL = { AC: ['ACM', 'ACD', 'ACV'], PC: ['PCM', 'PCD', 'PCV'], C: ['CM', 'CD', 'CV'] } as const;

/**
 * The frequency of `Timing.repeat.when`: doses at meals, in the morning, in the evening, or at bedtime. A rate beside it
 * must say the same number of doses a day; an offset from the event has no counterpart here.
 */
export function frequencyAtEvents(
  repeat: FhirElement,
  events: readonly string[],
  rate: { readonly frequency?: number; readonly period?: number; readonly unit?: string },
): string | undefined {
  const event = soleEvent(events);
  const found = event === undefined ? undefined : atEvent(event);
  if (!found) {
    const detail =
      'Use one of MORN, EVE, HS, or AC, PC, C and their forms for single meals; other events, or several, as NDJSON.';
    repeat.refuse('when', 'event_not_supported', detail);
    return undefined;
  }
  const { frequency = found.doses, period = 1, unit = 'd' } = rate;
  if (frequency === found.doses && period === 1 && unit === 'd') return found.frequency;
  const detail = `This event is ${found.doses} a day: leave frequency and period out, or have them say so.`;
  repeat.refuse('when', 'contradiction', detail);
  return undefined;
}

function soleEvent(events: readonly string[]): string | undefined {
  if (events.length === 1) return events[0];
  const sorted = [...events].sort().join();
  return Object.entries(EVERY_MEAL).find(([, meals]) => [...meals].sort().join() === sorted)?.[0];
}

function atEvent(event: string): { readonly frequency: string; readonly doses: number } | undefined {
  if (isMealEvent(event)) return { frequency: event, doses: MEAL_EVENTS[event].meals.length };
  const frequency = Object.entries(DAY_EVENTS).find(([code]) => code === event)?.[1];
  return frequency === undefined ? undefined : { frequency, doses: 1 };
}
