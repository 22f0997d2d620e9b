import { msOf } from '#shared/lifecycle/instant.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';

/**
 * What `clock set <instant>` and `clock advance <duration>` mean, as an offset in milliseconds.
 * @throws Error with a sentence for people when the text is no instant or no duration.
 */
export function offsetForInstant(text: string, nowMs: number): number {
  const read = readInstant(text);
  if (!read.ok) throw new Error(`"${text}" is no instant. ${read.detail}`);
  return msOf(read.instant) - nowMs;
}

const DURATION =
  /^(?<sign>-)?P(?:(?<days>\d+)D)?(?:T(?:(?<hours>\d+)H)?(?:(?<minutes>\d+)M)?(?:(?<seconds>\d+(?:\.\d+)?)S)?)?$/;

/** Days are 24 hours: an instant has no calendar. */
export function durationMs(text: string): number {
  const parts = DURATION.exec(text)?.groups;
  if (!parts || text.endsWith('P') || text.endsWith('T'))
    throw new Error(`"${text}" is no duration. Write it like PT90S, PT2H30M or P1DT12H.`);
  const seconds =
    Number(parts['days'] ?? 0) * 86_400 +
    Number(parts['hours'] ?? 0) * 3600 +
    Number(parts['minutes'] ?? 0) * 60 +
    Number(parts['seconds'] ?? 0);
  return (parts['sign'] ? -1000 : 1000) * seconds;
}
