import { RETENTION_DAYS } from '../contract/tables.ts';

// What the checks of the HIPAA step can judge by themselves, without a call: beside the step or the setting that refuses first.

/** @param forwardedBy by which protocols a request came, as those say who handed it on; nobody has to */
export const arrivedEncrypted = (forwardedBy: readonly string[]): boolean =>
  forwardedBy.every((protocol) => protocol.trim().toLowerCase() === 'https');

/**
 * Whether the closed objects of a schema name every member that the value has. Knows `properties` and `items`, which is what
 * the schemas of bodies are made of; whatever else a schema says is the validator's to judge.
 */
export function namesEveryMember(schema: unknown, value: unknown): boolean {
  const { properties, additionalProperties, items } = partsOf(schema);
  if (Array.isArray(value)) return value.every((one) => namesEveryMember(items, one));
  if (typeof value !== 'object' || value === null || properties === undefined) return true;
  return Object.entries(value).every(([name, member]) =>
    Object.hasOwn(properties, name)
      ? namesEveryMember(properties[name], member)
      : additionalProperties !== false,
  );
}

interface SchemaParts {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
  readonly items?: unknown;
}

const partsOf = (schema: unknown): SchemaParts => Object(schema);

/** Six years, leap days with them: 45 CFR 164.316(b)(2)(i). */
const EVIDENCE_DAYS = 2_192;

/** Days by class; the product's own unless others are given. */
export type RetentionClasses = Readonly<Record<string, number>>;

/**
 * Whether all that a job leaves is of a class that is known, and the evidence of who saw or changed what of a patient stands
 * for six years.
 */
export function isKeptByClass(isAboutPatient: boolean, classes: RetentionClasses = RETENTION_DAYS): boolean {
  const left = isAboutPatient ? [...LEFT, 'occurrences', 'accesses'] : LEFT;
  const known = left.every((name) => Object.hasOwn(classes, name) && Number(classes[name]) > 0);
  return known && (!isAboutPatient || Number(classes['accesses']) >= EVIDENCE_DAYS);
}

/** Row, payload and result; what roll-ups count; the trail. */
const LEFT = ['jobs', 'outcomes', 'audit'] as const;

/**
 * Beyond tables and queues: where what is known of a patient may go, or from where work only reads. Topics, bus and bucket are
 * encrypted and held by tests of the templates. Whatever is not named here may not carry any of it.
 */
const MAY_CARRY: readonly string[] = [
  'publisher',
  'archive',
  'exports',
  'drill',
  'reference',
  'recordIntentWhile',
  'records.range',
  'records.list',
  'records.owners',
  'pastChecks',
];

/** @param parts what the work of the kind uses beyond tables and queues */
export const mayCarryHealthData = (parts: readonly string[]): boolean =>
  parts.every((part) => MAY_CARRY.includes(part));
