/**
 * A point in time as ISO 8601 in UTC with milliseconds (`2026-11-23T20:55:41.000Z`).
 * The fixed width makes text order equal time order, which conditions and sort keys rely on.
 */
export type Instant = string;

/** Tells the time. Passed in everywhere, so that tests and the laptop stack can choose it. */
export type Clock = () => Instant;

/** @param epochMs milliseconds since 1970-01-01T00:00Z */
export const instantOf = (epochMs: number): Instant => new Date(epochMs).toISOString();

/** Milliseconds since 1970-01-01T00:00Z; `NaN` when the text is no instant. */
export const msOf = (instant: Instant): number => Date.parse(instant);

/** Whether the text has the one form, and is a time that the calendar knows. */
export function isInstant(text: string): boolean {
  const ms = msOf(text);
  return !Number.isNaN(ms) && instantOf(ms) === text;
}

/** Fractions of a second count to the millisecond. */
export const addSeconds = (instant: Instant, seconds: number): Instant =>
  instantOf(msOf(instant) + Math.round(seconds * 1000));

/** Seconds from `from` to `to`, negative when `to` is earlier. */
export const secondsBetween = (from: Instant, to: Instant): number => (msOf(to) - msOf(from)) / 1000;

export const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);

export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
