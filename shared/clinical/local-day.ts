import { Temporal } from 'temporal-polyfill';

/** The first instant of a local date in a zone: midnight, or where midnight is skipped the moment after the gap. */
export const startOfDay = (date: string, timeZone: string): string =>
  Temporal.PlainDate.from(date).toZonedDateTime(timeZone).toInstant().toString({ fractionalSecondDigits: 3 });

/** The local date of an instant in a zone. */
export const dateAt = (instant: string, timeZone: string): string =>
  Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/** Calendar days added to a date `YYYY-MM-DD`. */
export const plusDays = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();
