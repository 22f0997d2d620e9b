import type { Left } from '#test/builders/virtual-deployment.ts';

/** No text may suggest to make up for a dose or to take two, nor use an abbreviation that is on a do-not-use list. */
export const NEVER_SAID = /\b(double|twice the|two doses|extra|make up|catch up|in addition|QD|QOD)\b/i;

/** What messages must never do, whatever happened: each line says which message did it. */
export function brokenPromises(left: readonly Left[]): string[] {
  const unflagged = new Set<string>();
  return left.flatMap((message) => {
    const { at, due_at, expires_at, type, message_id, possible_duplicate, late, text } = message;
    const broken: string[] = [];
    if (at < due_at && type !== 'reminder.needs_confirmation') broken.push('left before its dose was due');
    if (at >= expires_at) broken.push('left after its window');
    if (NEVER_SAID.test(`${text.title} ${text.body}`)) broken.push(`says: ${text.body}`);
    if (type === 'reminder.due' && Date.parse(at) - Date.parse(due_at) > 60_000 && !late)
      broken.push('is late and does not say so');
    if (!possible_duplicate && unflagged.has(message_id)) broken.push('left twice, and does not say so');
    unflagged.add(message_id);
    return broken.map((what) => `${message_id} at ${at}: ${what}`);
  });
}
