import { Temporal } from 'temporal-polyfill';

const ANY_INSTANT = Temporal.Instant.fromEpochMilliseconds(0);

/**
 * The IANA zone of that name in its canonical spelling (`america/new_york` → `America/New_York`), or `undefined`
 * when it names no region: abbreviations (`EST`, `CET`), fixed offsets (`+05:00`, `Etc/GMT+5`) and unknown names.
 * `UTC` is taken. A patient's clock follows the rules of a region; an offset would be wrong half of the year.
 */
export function ianaTimeZone(name: string): string | undefined {
  if (!/^[A-Za-z]/.test(name)) return undefined;
  const zone = knownZone(name);
  if (zone === undefined || zone === 'UTC' || zone === 'Etc/UTC') return zone;
  const abbreviation = /^(?:[A-Z]{2,3}|[A-Z]{3}\d[A-Z]{3}|GMT\S*|UCT|Zulu|Greenwich|Universal)$/.test(zone);
  return abbreviation || /^(?:Etc|SystemV)\//i.test(zone) ? undefined : zone;
}

function knownZone(name: string): string | undefined {
  try {
    return ANY_INSTANT.toZonedDateTimeISO(name).timeZoneId;
  } catch {
    // The library's way of saying that it knows no such zone.
    return undefined;
  }
}

/** Version of the zone data that this runtime computes with, such as `2026c`. */
export const tzdataVersion = (): string => process.versions['tz'] ?? 'unknown';
