/**
 * The fixed words for how often a dose is due. Codes are those of HL7 v3 GTSAbbreviation as bound to FHIR R4
 * Timing.code, and the common ones beyond it; the patterns for `every n …` and `n times …` are in parse-frequency.ts.
 * Every code is also its own alias, unless it is among the ambiguous ones.
 */
export const FREQUENCY_ALIASES = {
  QD: ['daily', 'once daily', 'once a day', 'every day'],
  BID: ['bd', 'twice daily', 'twice a day'],
  TID: ['tds'],
  QID: ['qds'],
  AM: ['qam', 'every morning', 'in the morning'],
  PM: ['qpm', 'every evening', 'in the evening'],
  BED: ['hs', 'qhs', 'at bedtime', 'bedtime', 'nightly', 'every night'],
  QOD: ['every other day', 'alternate days'],
  WK: ['weekly', 'once weekly', 'once a week', 'every week'],
  MO: ['monthly', 'once monthly', 'once a month', 'every month'],
  BIW: ['twice weekly', 'twice a week'],
  TIW: [],
  Q72H: ['every 3 days'],
  Q2W: ['every other week', 'fortnightly'],
  Q3MO: ['quarterly'],
  WEEKDAYS: ['mon-fri'],
  DAYS: [],
  CYCLE: [],
} as const satisfies Record<string, readonly string[]>;

/** Words that name a known way of dosing for which no fixed reminders can be made here, and what to do instead. */
export const UNSUPPORTED_FREQUENCIES = [
  {
    words: ['prn', 'as needed', 'when required'],
    advice: 'doses taken as needed have no due times, so no reminders can be set for them',
  },
  {
    words: ['stat', 'once', 'one time', 'now'],
    advice: 'a single dose is not a repeating schedule',
  },
  {
    words: ['ac/pc', 'ac', 'pc', 'before meals', 'after meals', 'with food'],
    advice: 'meal times are not known here; send a daily frequency with clock times',
  },
  {
    words: ['taper'],
    advice: 'send one schedule after the other, each with its own start_date and end_date',
  },
] as const;

/** Words with two readings. They are never guessed: the answer asks. */
export const AMBIGUOUS_FREQUENCIES = {
  od: 'once daily, or the right eye',
  eod: 'every other day, or at the end of the day',
  biw: 'twice a week, or every two weeks',
  biweekly: 'twice a week, or every two weeks',
  bimonthly: 'twice a month, or every two months',
} as const satisfies Record<string, string>;

export const NUMBER_WORDS = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
} as const satisfies Record<string, number>;
