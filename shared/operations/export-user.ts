import type { Caller } from '../evidence/caller.ts';
import type { JsonObject } from '../jobs/ports.ts';
import { aboutPatient } from './about-patient.ts';
import { decodeExportCursor, type ExportCursor, encodeExportCursor } from './export-cursor.ts';
import {
  EXPORT_SECTIONS,
  type ExportDeps,
  type HeldItem,
  heldItems,
  type LostItems,
} from './export-sections.ts';
import { bundleOf } from './fhir-bundle.ts';
import type { RequestContext } from './find-job.ts';
import { recordRead } from './record-read.ts';

export interface ExportQuery {
  readonly format: 'json' | 'fhir';
  /** Items of one page, 1 … 500. */
  readonly limit: number;
  readonly cursor?: string;
}

/** Far below what Lambda and API Gateway let through (6 and 10 MB), also in the longer form of FHIR. */
const MOST_CHARACTERS = 1_000_000;

/**
 * Everything that is held about a patient, page by page, as the patient may see it. The audit entry is written before the
 * answer: it is a disclosure.
 * @throws ProblemError `forbidden`, `invalid_input` (a cursor that is not one of ours), `read_not_recorded`
 */
export async function exportUser(
  deps: ExportDeps,
  caller: Caller,
  { userId, query }: { readonly userId: string; readonly query: ExportQuery },
  request: RequestContext,
): Promise<JsonObject> {
  const { owner, entry } = await aboutPatient(deps, 'exportUser', caller, userId, request);
  const start = query.cursor === undefined ? undefined : decodeExportCursor(query.cursor);
  const items: HeldItem[] = [];
  const lost: LostItems[] = [];
  let places = 0;
  let characters = 0;
  let last: ExportCursor | undefined;
  let more = false;
  for await (const { item, lost: gone = [], at } of heldItems(deps, owner, request.receivedAt, start)) {
    const size = item ? JSON.stringify(item.view).length : 0;
    more = places >= query.limit || (places > 0 && characters + size > MOST_CHARACTERS);
    if (more) break;
    if (item) items.push(item);
    lost.push(...gone);
    places += 1;
    characters += size;
    last = at;
  }
  const unreadable = unreadableOf(lost);
  const next = more && last ? encodeExportCursor(last) : undefined;
  const counts = Object.fromEntries(
    EXPORT_SECTIONS.map((section) => [section, items.filter((item) => item.section === section).length]),
  );
  const details = {
    format: query.format,
    more,
    ...counts,
    ...(lost.length > 0 && { unreadable: sumOf(lost) }),
  };
  await recordRead(deps, entry('user.exported', details));
  if (query.format === 'fhir')
    return bundleOf({ userId, owner, at: request.receivedAt }, items, { next, unreadable });
  return {
    user_id: userId,
    exported_at: request.receivedAt,
    ...Object.fromEntries(
      EXPORT_SECTIONS.map((section) => [section, items.filter((i) => i.section === section).map(viewOf)]),
    ),
    ...(unreadable.length > 0 && { unreadable }),
    ...(next !== undefined && { next_cursor: next }),
  };
}

const sumOf = (lost: readonly LostItems[]): number => lost.reduce((sum, { count }) => sum + count, 0);

/** What could not be read, by kind and reason: a copy is told to be incomplete, and hides nothing else for it. */
function unreadableOf(lost: readonly LostItems[]): JsonObject[] {
  const groups = Map.groupBy(lost, ({ section, reason }) => `${section} ${reason}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ section: first.section, reason: first.reason, count: sumOf(group) }] : [];
  });
}

const viewOf = ({ view }: HeldItem): JsonObject => view;
