/** Days of the week as iCalendar and FHIR write them. The position plus one is the ISO number. */
export const WEEKDAY_CODES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type WeekdayCode = (typeof WEEKDAY_CODES)[number];

/** ISO numbers of the weekdays, 1 is Monday. */
const NAMES: readonly (readonly string[])[] = [
  ['mo', 'mon', 'monday', 'mondays'],
  ['tu', 'tue', 'tues', 'tuesday', 'tuesdays'],
  ['we', 'wed', 'wednesday', 'wednesdays'],
  ['th', 'thu', 'thur', 'thurs', 'thursday', 'thursdays'],
  ['fr', 'fri', 'friday', 'fridays'],
  ['sa', 'sat', 'saturday', 'saturdays'],
  ['su', 'sun', 'sunday', 'sundays'],
];

/** Letter groups in general use. Others are not read: a lone T or S has two readings. */
const LETTERS: Readonly<Record<string, readonly number[]>> = { mwf: [1, 3, 5], tths: [2, 4, 6] };

/**
 * Reads a list of weekdays (`mon,wed,fri`, `monday and thursday`, `MWF`), lower case, as ISO numbers, ascending.
 * `undefined` when a part is no weekday or one is named twice.
 */
export function parseWeekdays(words: string): readonly number[] | undefined {
  if (Object.hasOwn(LETTERS, words)) return LETTERS[words];
  const parts = words.split(/ ?, ?and | ?, ?| and | & |\/| /);
  const days = parts.map((part) => NAMES.findIndex((names) => names.includes(part)) + 1);
  if (days.includes(0) || new Set(days).size !== days.length) return undefined;
  return days.sort((a, b) => a - b);
}
