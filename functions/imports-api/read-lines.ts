import { scanJson } from '#functions/http/scan-json.ts';
import { BODY_DEPTH_LIMIT, BODY_LIMIT_BYTES, IMPORT_DEPTH_LIMIT } from '#shared/contract/routes.ts';
import { type Problem, ProblemError } from '#shared/errors/problem-error.ts';
import type { JsonObject } from '#shared/jobs/ports.ts';
import type { LineFault, RawLine } from '#shared/operations/import-content.ts';

/** The lines of NDJSON (https://github.com/ndjson/ndjson-spec), numbered as in the body; empty ones are passed over. */
export const readNdjson = (text: string, depthLimit = BODY_DEPTH_LIMIT): RawLine[] =>
  text.split('\n').flatMap((raw, index) => {
    const line = raw.trim();
    return line === '' ? [] : [{ line: index + 1, ...readLine(line, depthLimit) }];
  });

function readLine(
  text: string,
  depthLimit: number,
): { readonly value: JsonObject } | { readonly fault: LineFault } {
  const fault = (code: LineFault['code'], pointer = '') => ({ fault: { pointer, code } });
  if (Buffer.byteLength(text) > BODY_LIMIT_BYTES) return fault('too_long');
  const scan = scanJson(text, depthLimit);
  if (scan.tooDeep) return fault('too_deep');
  const value = parsed(text);
  if (!value) return fault('malformed_json');
  const [problem] = scan.problems;
  if (!problem) return { value };
  const code = problem.code === 'unknown_field' ? 'unknown_field' : 'repeated_field';
  return fault(code, problem.pointer.length <= LONGEST_POINTER ? problem.pointer : '');
}

/** As long as the job's payload takes. */
const LONGEST_POINTER = 64;

function parsed(text: string): JsonObject | undefined {
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/**
 * The entries of a FHIR Bundle, numbered from 1, or the one resource that was sent.
 * @throws ProblemError `malformed_json`, `invalid_input` when it is neither
 */
export function readFhir(text: string): RawLine[] {
  const scan = scanJson(text, IMPORT_DEPTH_LIMIT);
  const deep = {
    pointer: '',
    code: 'too_deep',
    detail: `Nest at most ${IMPORT_DEPTH_LIMIT} objects and arrays.`,
  };
  if (scan.tooDeep) throw unfit([deep]);
  const resource = parsed(text);
  if (!resource) throw new ProblemError('malformed_json', 'The body cannot be parsed as one JSON object.');
  if (scan.problems.length > 0) throw unfit(scan.problems);
  if (resource['resourceType'] === 'MedicationRequest') return [{ line: 1, value: resource }];
  const entries = resource['resourceType'] === 'Bundle' ? resource['entry'] : undefined;
  if (!Array.isArray(entries)) throw unfit([NEITHER]);
  if (!ORDERS_THAT_STAND.includes(resource['type'])) throw unfit([PAST]);
  return entries.map((entry: unknown, index): RawLine => {
    const value = objectIn(objectIn(entry)?.['resource']);
    const method = objectIn(objectIn(entry)?.['request'])?.['method'];
    const line = index + 1;
    if (method !== undefined && !STORING.includes(method))
      return { line, fault: { pointer: '/request/method', code: 'not_to_be_stored' } };
    return value ? { line, value } : { line, fault: { pointer: '/resource', code: 'required' } };
  });
}

/**
 * Bundles that hold what stands (https://hl7.org/fhir/R4/valueset-bundle-type.html). A history holds versions which may be over,
 * in which an order that was stopped would begin again; of a type that is not known nobody can say.
 */
const ORDERS_THAT_STAND: readonly unknown[] = [
  ...['collection', 'searchset', 'transaction', 'batch', 'document', 'message'],
  undefined,
];

/** What an entry of a transaction or batch may ask for: a schedule is brought, not looked up or taken away. */
const STORING: readonly unknown[] = ['POST', 'PUT'];

const PAST: Problem = {
  pointer: '/type',
  code: 'bundle_not_supported',
  detail:
    'Send the orders that stand as a collection: other types hold past versions or answers, or are not known.',
};

const NEITHER: Problem = {
  pointer: '/resourceType',
  code: 'invalid_value',
  detail: 'Send a Bundle with entries, or one MedicationRequest.',
};

const unfit = (problems: readonly Problem[]) =>
  new ProblemError('invalid_input', 'The request does not fit its documented form; see problems.', {
    problems,
  });

/** Whatever JSON.parse made of an object is one of JSON. */
const objectIn = (value: unknown): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined; // just parsed
