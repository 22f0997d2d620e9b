import { reminderStatusAt } from '../clinical/index.ts';
import { recordOf } from '../jobs/define-job-kind.ts';
import type { Json, JsonObject } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { ExportedRecord } from './export-sections.ts';

/**
 * A record as a patient is given it: every member of it, named as the API names members. Of a reminder the status is the
 * one that holds now.
 */
export function heldRecord(record: ExportedRecord, now: Instant): JsonObject {
  const { id, version, state, body } = record;
  const occurrence = recordOf('occurrence', record);
  return {
    ...(id !== '' && { record_id: id }),
    version,
    ...inApiNames(plain(state)),
    ...inApiNames(plain(body)),
    ...(occurrence && { status: reminderStatusAt(occurrence.state, now) }),
  };
}

/** Records hold plain JSON; what is absent in them is absent here. */
const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value));

/** `lastFillDate` becomes `last_fill_date`, at every depth. Names that are so already stay. */
const inApiNames = (value: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(value).map(([name, inner]) => [apiName(name), withApiNames(inner)]));

function withApiNames(value: Json): Json {
  if (Array.isArray(value)) return value.map(withApiNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [apiName(name), withApiNames(inner)]),
  );
}

const apiName = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
