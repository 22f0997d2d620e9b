import type { FhirElement } from './element.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const LOCAL_MOMENT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2}$/;

/**
 * The calendar day of a FHIR dateTime: a whole date, or the date part of a moment with the offset of where it was
 * written. A year or month alone is no day; a moment in UTC (`Z`) does not say which day it was where the person is.
 */
export function localDateOf(element: FhirElement, name: string): string | undefined {
  const value = element.text(name) ?? '';
  return DATE.test(value) ? value : LOCAL_MOMENT.exec(value)?.[1];
}

export const DATE_FORM =
  'Give a whole date (YYYY-MM-DD), or a moment with the local offset: a moment in UTC does not say which day it is locally.';
