import { instant } from '#shared/jobs/schema-members.ts';
import { PRIORITY_NAMES } from '#shared/lifecycle/priority.ts';

/** What every job endpoint takes beside the fields of its kind. */
export const ENVELOPE_PROPERTIES = {
  priority: { type: 'string', enum: PRIORITY_NAMES },
  run_at: instant,
} as const;

/**
 * The schema of a job endpoint's body: the kind's own object schema with the optional members `priority` and `run_at`.
 * @throws Error when the kind's schema is no closed object, or defines one of these members itself
 */
export function submitSchema(kindSchema: object): object {
  const { type, additionalProperties, properties } = { ...emptySchema, ...kindSchema };
  if (type !== 'object' || additionalProperties !== false || typeof properties !== 'object')
    throw new Error('A kind’s schema is an object schema with "additionalProperties": false.');
  const clash = Object.keys(ENVELOPE_PROPERTIES).find((name) => Object.hasOwn(properties, name));
  if (clash) throw new Error(`A kind’s schema must not define "${clash}": it belongs to every endpoint.`);
  return { ...kindSchema, properties: { ...properties, ...ENVELOPE_PROPERTIES } };
}

const emptySchema: { type?: unknown; additionalProperties?: unknown; properties?: object } = {};
