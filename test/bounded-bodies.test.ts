import { describe, expect, it } from 'vitest';
import { submitSchema } from '#functions/http/submit-schema.ts';
import { BODY_DEPTH_LIMIT } from '#shared/contract/routes.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { BODY_SCHEMAS } from '#shared/operations/bodies/index.ts';
import { STAFF_BODY_SCHEMAS } from '#shared/operations/bodies/staff.ts';

type Schema = Readonly<Record<string, unknown>>;

const SCHEMAS: readonly (readonly [string, Schema])[] = [
  ...PUBLIC_KINDS.map((kind) => [kind.name, submitSchema(kind.schema) as Schema] as const),
  ...Object.entries(BODY_SCHEMAS),
  ...Object.entries(STAFF_BODY_SCHEMAS),
];

/** Every schema within a schema, with the way to it. */
function within(schema: Schema, path: string): (readonly [string, Schema])[] {
  const inner = [
    ...Object.entries(Object(schema['properties'])),
    ...(schema['items'] ? [['[]', schema['items']]] : []),
    ...(Array.isArray(schema['anyOf']) ? schema['anyOf'].map((one, index) => [`anyOf ${index}`, one]) : []),
  ] as [string, Schema][]; // members of a JSON Schema are schemas
  return [[path, schema], ...inner.flatMap(([name, one]) => within(one, `${path}/${name}`))];
}

const depthOf = (path: string): number => path.split('/').length;

describe.each(SCHEMAS)('the body of %s', (_, whole) => {
  const all = within(whole, '');
  const of = (type: string) => all.filter(([, schema]) => schema['type'] === type);

  it('has an end to every list and to every text', () => {
    for (const [path, schema] of of('array'))
      expect([path, schema['maxItems']]).toEqual([path, expect.any(Number)]);
    for (const [path, { maxLength, pattern, enum: words }] of of('string')) {
      // Patterns that end and say how often: ids, dates, times.
      const ends = maxLength !== undefined || words !== undefined || /\$$/.test(String(pattern ?? ''));
      expect([path, ends]).toEqual([path, true]);
      if (maxLength === undefined && words === undefined)
        expect([path, /[^\\][*+]/.test(String(pattern).replaceAll(/\[[^\]]*\]/g, 'x'))]).toEqual([
          path,
          false,
        ]);
    }
  });

  it('is closed, and nests no deeper than is read', () => {
    for (const [path, schema] of of('object'))
      expect([path, schema['additionalProperties']]).toEqual([path, false]);
    expect(Math.max(...all.map(([path]) => depthOf(path)))).toBeLessThanOrEqual(BODY_DEPTH_LIMIT);
  });
});
