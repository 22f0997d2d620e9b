import { INSTANT_MAX_LENGTH, INSTANT_PATTERN } from '../lifecycle/read-instant.ts';

// Members that schemas of several kinds have, so that an id or a time has the same form wherever it is asked for.

/** Ids that callers choose for users and medications. */
export const ID_PATTERN = '^[A-Za-z0-9_-]{1,64}$';

export const id = { type: 'string', pattern: ID_PATTERN } as const;

/** A point in time from a caller; `readInstant` reads it, and refuses days and times that do not exist. */
export const instant = { type: 'string', maxLength: INSTANT_MAX_LENGTH, pattern: INSTANT_PATTERN } as const;

/** A point in time as the service itself writes it. */
export const ownInstant = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
} as const;

/** A local day of the calendar. */
export const localDate = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } as const;

/** Text without control characters, of `maxLength` characters at most. */
export const text = <const Max extends number>(maxLength: Max) =>
  ({ type: 'string', minLength: 1, maxLength, pattern: '^[^\\u0000-\\u001F\\u007F-\\u009F]+$' }) as const;

/** Something that can be seen, and nothing that cannot, or that turns the text around it. */
export const NAME_PATTERN =
  '^(?=.*\\S)[^\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]+$';
export const NAME_FORM =
  'Write a name that can be seen as it is: no control, format or direction characters, and no line breaks.';

/** The name of a medication as a person writes it. It may be shown to patients. */
export const medicationName = {
  type: 'string',
  minLength: 1,
  maxLength: 200,
  pattern: NAME_PATTERN,
} as const;
