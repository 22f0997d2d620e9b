import { type ApiAnswer, jsonAnswer } from '#functions/http/api-answer.ts';
import { auditEventBundle } from '#shared/evidence/fhir-audit-event.ts';
import { auditEntryView } from '#shared/operations/audit-view.ts';
import type { AuditFound } from '#shared/operations/read-audit.ts';
import type { AuditWindow } from './audit-query.ts';

/**
 * A page of the trail, as JSON or as a FHIR Bundle.
 * @param page where the list stands that its links lead to, relative to the request
 */
export function auditAnswer(found: AuditFound, window: AuditWindow, page: string): ApiAnswer {
  const { entries, unreadable, next } = found;
  if (window.format === 'fhir') {
    const links = {
      self: page + queryOf(found, window, window.cursor),
      ...(next !== undefined && { next: page + queryOf(found, window, next) }),
    };
    return jsonAnswer(200, auditEventBundle(entries, links), { 'content-type': 'application/fhir+json' });
  }
  return jsonAnswer(200, {
    entries: entries.map(auditEntryView),
    ...(unreadable > 0 && { unreadable_entries: unreadable }),
    ...(next !== undefined && { next_cursor: next }),
  });
}

/** What was asked for by a body goes on by its keyed hash. */
function queryOf({ about }: AuditFound, window: AuditWindow, cursor: string | undefined): string {
  const query = new URLSearchParams({
    ...(about.by === 'actor' && { actor: about.ref }),
    ...window.range,
    limit: String(window.limit),
    format: window.format,
    ...(cursor !== undefined && { cursor }),
  });
  return `?${query}`;
}
