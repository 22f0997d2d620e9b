import { LOG_FIELDS } from '../contract/log-events.ts';
import { redactedFields } from './log-redaction.ts';

/** Invented texts with a name, an address, a date, a phone number, a mail address, a number of a record, and a URL. */
const PLANTED = [
  'Patient John Q. Smith missed a dose',
  'ship to 12 Elm St, Springfield, 62704',
  'DOB 1931-04-09, age 94',
  'call +1 (212) 555-0147',
  'mail jane.doe@example.com',
  'MRN: 00482913',
  'https://portal.example.org/patient/42',
] as const;

/** Whether the log lets none of the planted identifiers through, in no field of its own and in no other. */
export function redactionHolds(redact = redactedFields): boolean {
  return PLANTED.every((text) => {
    const fields = Object.fromEntries([...LOG_FIELDS, 'user_id', 'body'].map((name) => [name, text]));
    return Object.values(redact(fields)).every((kept) => kept !== text);
  });
}
