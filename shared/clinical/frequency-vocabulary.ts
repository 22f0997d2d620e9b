/**
 * The fixed words for how often a dose is due. Codes are those of HL7 v3 GTSAbbreviation as bound to FHIR R4
 * Timing.code, and the common ones beyond it; the patterns for `every n …` and `n times …` are in parse-frequency.ts.
 * Every code is also its own alias, unless it is among the ambiguous ones.
 */
export const FREQUENCY_ALIASES = {
  QD: ['daily', 'once daily', 'once a day', 'every day', 'each day'],
  BID: ['bd', 'twice daily', 'twice a day'],
  TID: ['tds'],
  QID: ['qds'],
  AM: ['qam', 'every morning', 'in the morning', 'each morning'],
  PM: ['qpm', 'every evening', 'in the evening', 'each evening'],
  BED: ['hs', 'qhs', 'at bedtime', 'bedtime', 'nightly', 'every night', 'each night'],
  QOD: ['every other day', 'alternate days', 'every second day', 'on alternate days'],
  WK: ['weekly', 'once weekly', 'once a week', 'every week'],
  MO: ['monthly', 'once monthly', 'once a month', 'every month'],
  BIW: ['twice weekly', 'twice a week'],
  TIW: [],
  Q1H: ['hourly'],
  Q72H: ['every 3 days'],
  Q2W: ['every other week', 'fortnightly', 'every fortnight', 'once a fortnight'],
  Q2MO: ['every other month'],
  Q3MO: ['quarterly'],
  Q12MO: ['yearly', 'once a year', 'every year', 'annually'],
  WEEKDAYS: ['mon-fri', 'monday to friday', 'monday-friday'],
  DAYS: [],
  CYCLE: [],
  PRN: ['as needed', 'when required', 'as required', 'when needed', 'if needed'],
  STAT: ['once', 'one time', 'now', 'single dose'],
} as const satisfies Record<string, readonly string[]>;

/** Doses tied to meals, by the words for them. Their clock times are the person's own. */
export const MEAL_ALIASES = {
  AC: ['ac/pc', 'ac', 'before meals', 'before food'],
  PC: ['pc', 'after meals', 'after food'],
  C: ['with food', 'with meals'],
  ACM: ['acm', 'before breakfast'],
  ACD: ['acd', 'before lunch'],
  ACV: ['acv', 'before dinner'],
  PCM: ['pcm', 'after breakfast'],
  PCD: ['pcd', 'after lunch'],
  PCV: ['pcv', 'after dinner'],
  CM: ['with breakfast'],
  CD: ['with lunch'],
  CV: ['with dinner'],
} as const satisfies Record<string, readonly string[]>;

/** Words that name a known way of dosing which is not one schedule, and what to do instead. */
export const UNSUPPORTED_FREQUENCIES = [
  {
    code: 'TAPER',
    words: ['taper', 'tapering'],
    advice:
      'A taper is several doses in turn: send consecutive schedules, one after the other, each with its own start_date and end_date.',
  },
] as const;

/** Words with two readings, in the vocabulary's wording. They are never guessed: the answer asks. */
export const AMBIGUOUS_FREQUENCIES = [
  { words: ['od'], meanings: ['once daily (UK)', 'right eye'] },
  { words: ['eod'], meanings: ['every other day', 'end of day'] },
  { words: ['biw'], meanings: ['twice a week', 'every two weeks'] },
  { words: ['biweekly', 'bi-weekly', 'bi weekly'], meanings: ['twice a week', 'every two weeks'] },
  { words: ['bimonthly', 'bi-monthly', 'bi monthly'], meanings: ['twice a month', 'every two months'] },
] as const;

export const GTS_SYSTEM = 'http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation';

/** What the sixteen codes of GTSAbbreviation mean, in the words of the code system. */
export const GTS_MEANINGS = {
  BID: '2 per day',
  TID: '3 per day',
  QID: '4 per day',
  AM: 'every morning',
  PM: 'every afternoon/evening',
  QD: 'every day',
  QOD: 'every other day',
  Q1H: 'every hour',
  Q2H: 'every 2 hours',
  Q3H: 'every 3 hours',
  Q4H: 'every 4 hours',
  Q6H: 'every 6 hours',
  Q8H: 'every 8 hours',
  BED: 'at bedtime',
  WK: 'weekly',
  MO: 'monthly',
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
