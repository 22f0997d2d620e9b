import { mapMedicationRequest, type OrderVersion } from '../clinical/index.ts';
import type { LineFaultCode } from '../jobs/intake/line-faults.ts';
import type { ImportLineBody, JsonObject } from '../jobs/ports.ts';
import { ID_PATTERN } from '../jobs/schema-members.ts';

export type ImportFormat = 'ndjson' | 'fhir';

/** Why a line cannot be looked at: it says not even whose it is. */
export interface LineFault {
  readonly pointer: string;
  readonly code: LineFaultCode;
}

/** One line as it came: a JSON object, or why it is none. */
export type RawLine = { readonly line: number } & (
  | { readonly value: JsonObject }
  | { readonly fault: LineFault }
);

/** A line that says whose it is, and what is kept of it until its job is made. */
export interface ImportContent {
  readonly userId: string;
  /** Absent: it says none that can be one; the line will be rejected. */
  readonly medicationId?: string;
  /** Of an order of FHIR: two versions of it are no two orders. */
  readonly version?: OrderVersion;
  readonly body: ImportLineBody;
}

const ID = new RegExp(ID_PATTERN);

/**
 * What a line says. Of a FHIR resource only what a schedule needs is kept: no narrative, no note, nobody else's name.
 * Everything but whose it is stays to be judged by the job.
 */
export function importContent(format: ImportFormat, value: JsonObject): ImportContent | LineFault {
  return format === 'fhir' ? fhirContent(value) : ndjsonContent(value);
}

function ndjsonContent(value: JsonObject): ImportContent | LineFault {
  const { user_id: userId, medication_id: medicationId } = value;
  if (userId === undefined) return { pointer: '/user_id', code: 'required' };
  if (!isId(userId)) return { pointer: '/user_id', code: 'wrong_format' };
  return { userId, ...(isId(medicationId) && { medicationId }), body: { request: value } };
}

function fhirContent(value: JsonObject): ImportContent | LineFault {
  if (value['resourceType'] !== 'MedicationRequest')
    return { pointer: '/resourceType', code: 'not_a_medication_request' };
  const { userId, medicationId, version, request, problems, warnings } = mapMedicationRequest(value);
  if (userId === undefined) return { pointer: '/subject/reference', code: 'subject_not_local' };
  if (!isId(userId)) return { pointer: '/subject/reference', code: 'wrong_format' };
  return {
    userId,
    ...(isId(medicationId) && { medicationId }),
    ...(version && { version }),
    body: {
      ...(request ? { request: plain(request) } : { problems }),
      ...(request && version && { version }),
      ...(warnings.length > 0 && { warnings }),
    },
  };
}

const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);

/** As it is stored: without members that are `undefined`. */
const plain = (request: object): JsonObject => JSON.parse(JSON.stringify(request));
