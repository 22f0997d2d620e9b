import { type Hour, hourOf, isHour } from '#shared/evidence/seal.ts';
import { readInstant } from '#shared/lifecycle/read-instant.ts';

/**
 * The hour (UTC) that a person names: `2026-11-28`, `2026-11-28T14` or any instant in it.
 * @throws Error that says what it should look like
 */
export function readHour(text: string): Hour {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00` : text;
  if (isHour(day)) return day;
  const read = readInstant(text);
  if (read.ok) return hourOf(read.instant);
  throw new Error(`"${text}" is no hour. Write 2026-11-28, 2026-11-28T14 or 2026-11-28T14:30:00Z.`);
}
