import { fhirUrn } from '../evidence/fhir-urn.ts';
import type { JsonObject, Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Status } from '../lifecycle/transitions.ts';
import type { HeldJob } from './held-job.ts';

// Resources of FHIR R4 (4.0.1), with the members that it demands and those that are known here.

/** Absolute, so that it is found within its bundle wherever that lies, and the same in each. */
export const referenceTo = (owner: Ref, resourceType: string, id: string): string =>
  fhirUrn(`${owner}/${resourceType}/${id}`);

export const patientOf = (owner: Ref): JsonObject => ({ reference: referenceTo(owner, 'Patient', owner) });

/** Ids of FHIR hold letters, digits, `-` and `.`, at most 64 of them. */
export const fhirId = (id: string): string => id.replaceAll(/[^A-Za-z0-9.-]/g, '.').slice(-64);

const TASK_STATUS = {
  scheduled: 'requested',
  queued: 'requested',
  running: 'in-progress',
  retrying: 'in-progress',
  waiting: 'in-progress',
  succeeded: 'completed',
  failed: 'failed',
  expired: 'failed',
  cancelled: 'cancelled',
  superseded: 'cancelled',
} as const satisfies Record<Status, string>;

/** A job: what was asked is its input, what was answered its output. */
export const taskOf = (owner: Ref, { row, request, result, view }: HeldJob) => ({
  resourceType: 'Task',
  id: row.jobId,
  status: TASK_STATUS[row.status],
  intent: 'order',
  code: { text: row.kind },
  businessStatus: { text: row.status },
  ...(row.errorCode !== undefined && { statusReason: { text: row.errorCode } }),
  for: patientOf(owner),
  authoredOn: row.createdAt,
  ...(row.endedAt !== undefined && { lastModified: row.endedAt }),
  ...(request && { input: [jsonPart('request', request)] }),
  ...(result && { output: [jsonPart('result', result)] }),
  ...(typeof view['findings'] === 'string' && { note: [{ text: `Findings: ${view['findings']}.` }] }),
});

const jsonPart = (name: string, value: JsonObject): JsonObject => ({
  type: { text: name },
  valueString: JSON.stringify(value),
});

export const documentOf = (
  owner: Ref,
  of: { readonly type: string; readonly id: string; readonly at: Instant; readonly view: JsonObject },
) => ({
  resourceType: 'DocumentReference',
  id: fhirId(of.id === '' ? of.type : `${of.type}.${of.id}`),
  status: 'current',
  type: { text: of.type },
  subject: patientOf(owner),
  date: of.at,
  content: [
    {
      attachment: {
        contentType: 'application/json',
        title: of.type,
        data: Buffer.from(JSON.stringify(of.view)).toString('base64'),
      },
    },
  ],
});
