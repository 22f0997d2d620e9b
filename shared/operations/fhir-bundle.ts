import { recordOf } from '../jobs/define-job-kind.ts';
import type { JsonObject, Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { HeldItem } from './export-sections.ts';
import {
  administrationOf,
  dispenseOf,
  medicationRequestOf,
  medicationStatementOf,
} from './fhir-medications.ts';
import { documentOf, referenceTo, taskOf } from './fhir-resources.ts';

export interface Exported {
  readonly userId: string;
  /** Keyed hash of the user: an id of FHIR allows no `_`, which a `user_id` may hold. */
  readonly owner: Ref;
  readonly at: Instant;
}

/**
 * A page of an export as a Bundle of FHIR R4 (4.0.1), complete in itself: the patient is in each.
 * @param page `next`: cursor of the next page; `unreadable`: what stands, and could not be put into this one
 */
export function bundleOf(
  of: Exported,
  items: readonly HeldItem[],
  { next, unreadable }: { readonly next: string | undefined; readonly unreadable: readonly JsonObject[] },
): JsonObject {
  const patient = {
    resourceType: 'Patient',
    id: of.owner,
    identifier: [{ system: 'urn:medication-jobs:user', value: of.userId }],
  };
  const schedules = new Set(
    items.flatMap((item) => ('record' in item && item.record.type === 'schedule' ? [item.record.id] : [])),
  );
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: of.at,
    ...(next !== undefined && {
      link: [{ relation: 'next', url: `?format=fhir&cursor=${encodeURIComponent(next)}` }],
    }),
    entry: [
      patient,
      ...items.flatMap((item) => resourcesOf(of, item, schedules)),
      ...(unreadable.length > 0 ? [outcomeOf(unreadable)] : []),
    ].map((resource) => ({
      fullUrl: referenceTo(of.owner, resource.resourceType, resource.id),
      resource,
    })),
  };
}

/** Says what the copy lacks, as FHIR does where content was left out. */
const outcomeOf = (unreadable: readonly JsonObject[]) => ({
  resourceType: 'OperationOutcome',
  id: 'unreadable',
  issue: unreadable.map(({ section, reason, count }) => ({
    severity: 'warning',
    code: 'incomplete',
    diagnostics: `${String(count)} of ${String(section)} cannot be read: ${String(reason)}.`,
  })),
});

type Resource = JsonObject & { readonly resourceType: string; readonly id: string };

/** What FHIR has no resource for goes along as a document of JSON. */
function resourcesOf(
  { owner, at }: Exported,
  item: HeldItem,
  schedules: ReadonlySet<string>,
): readonly Resource[] {
  if (!('record' in item)) return [taskOf(owner, item.job)];
  const { record } = item;
  const medication = recordOf('medication', record);
  const schedule = recordOf('schedule', record);
  const occurrence = recordOf('occurrence', record);
  if (medication) return [medicationStatementOf(owner, medication), ...dispenseOf(owner, medication)];
  if (schedule) return [medicationRequestOf(owner, schedule)];
  if (occurrence) return [administrationOf(owner, occurrence, schedules)];
  return [documentOf(owner, { type: record.type, id: record.id, at, view: item.view })];
}
