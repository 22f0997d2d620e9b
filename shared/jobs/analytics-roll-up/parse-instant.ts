const ISO_WITH_OFFSET =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-](\d{2}):(\d{2}))$/;

/**
 * Milliseconds since 1970-01-01T00:00Z of an ISO 8601 text with an offset; `undefined` when it has none, or names a day
 * or time that does not exist (`Date.parse` would turn 30 February into 2 March).
 * Finer fractions are rounded up: events have whole milliseconds, so `[start, end)` then holds exactly the same ones.
 */
export function parseInstant(text: string): number | undefined {
  const match = ISO_WITH_OFFSET.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '', offset = 'Z'] = match;
  const [offsetHours = '00', offsetMinutes = '00'] = match.slice(9);
  const inRange = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  const offsetInRange = Number(offsetHours) < 24 && Number(offsetMinutes) < 60;
  if (!inRange || !offsetInRange || !dayExists(Number(year), Number(month), Number(day))) return undefined;
  const digits = fraction.padEnd(9, '0');
  const finer = Number(digits.slice(3)) > 0 ? 1 : 0;
  return (
    Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${digits.slice(0, 3)}${offset}`) + finer
  );
}

function dayExists(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
