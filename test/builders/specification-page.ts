import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'specification.md');

interface BodyShape {
  readonly [name: string]: string | BodyShape;
}
interface Endpoint {
  readonly path: string;
  readonly method: string;
  readonly critical_path: boolean;
  readonly validation: string;
  readonly body: BodyShape;
  readonly may_be_left_out: readonly string[];
  readonly additions: Readonly<Record<string, string>>;
  readonly evidence: readonly string[];
}
interface Specification {
  readonly headers: Readonly<Record<string, string>>;
  readonly endpoints: Readonly<Record<string, Endpoint>>;
  readonly additions_everywhere: { readonly body: BodyShape; readonly headers: readonly string[] };
  readonly priorities: Readonly<
    Record<string, { readonly description: string; readonly max_retry: number; readonly retry_delay: number }>
  >;
  readonly validation_rules: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  readonly validation_steps: readonly {
    readonly step: number;
    readonly what: string;
    readonly call: string;
  }[];
  readonly monitoring: {
    readonly metrics: readonly string[];
    readonly alerts: { readonly error_threshold: number; readonly latency_threshold: number };
    readonly logging: { readonly level: string; readonly format: string; readonly retention: string };
  };
  readonly execution_objectives_ms: Readonly<Record<string, number>>;
  readonly error_responses: Readonly<
    Record<string, { readonly description: string; readonly alert_trigger?: boolean }>
  >;
  readonly error_codes: Readonly<Record<string, readonly string[]>>;
}

/** All YAML blocks of the page as one; the endpoints come in one block each. */
export function readSpecification(): Specification {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```yaml\n([\s\S]*?)^```/gm)].map(
    ([, yaml = '']): object => parse(yaml),
  );
  const endpoints = Object.assign(
    {},
    ...blocks.map((block) => ('endpoints' in block ? block.endpoints : {})),
  );
  return Object.assign({}, ...blocks, { endpoints });
}

/** How the code sees one field of a body. */
interface Field {
  readonly type: string;
  readonly required: boolean;
}
export interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly readOnly?: boolean;
  readonly format?: string;
  readonly pattern?: string;
}

/** Every field that a caller may send, by dotted path. What the service sets itself is none of the caller's. */
export function fieldsOf(schema: Schema, path = '', required = true): Record<string, Field> {
  return Object.assign(
    {},
    ...Object.entries(schema.properties ?? {})
      .filter(([, member]) => member.readOnly !== true)
      .map(([name, member]) => {
        const here = path === '' ? name : `${path}.${name}`;
        const needed = required && (schema.required ?? []).includes(name);
        return member.properties
          ? fieldsOf(member, here, needed)
          : { [here]: { type: typeOf(member), required: needed } };
      }),
  );
}
/** A time with its zone, and nothing else: neither a local time nor any text. */
const asksForInstant = (pattern: RegExp): boolean =>
  pattern.test('2026-03-01T00:00:00Z') &&
  !['2026-03-01T00:00:00', 'T', 'today'].some((text) => pattern.test(text));
function typeOf({ type = 'unknown', items, format, pattern }: Schema): string {
  if (type === 'array') return `${items?.type}[]`;
  return format === 'date-time' || (pattern !== undefined && asksForInstant(new RegExp(pattern)))
    ? `${type} (ISO 8601)`
    : type;
}

/** The page's notation of a body with dotted paths. */
export const flat = (body: BodyShape, path = ''): Record<string, string> =>
  Object.assign(
    {},
    ...Object.entries(body).map(([name, value]) => {
      const here = path === '' ? name : `${path}.${name}`;
      return typeof value === 'string' ? { [here]: value } : flat(value, here);
    }),
  );
