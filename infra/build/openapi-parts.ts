export type Member = Readonly<Record<string, unknown>>;

export const ref = (section: string, name: string): Member => ({ $ref: `#/components/${section}/${name}` });
export const json = (schema: Member): Member => ({ 'application/json': { schema } });
export const inPath = (name: string, pattern: string): Member => ({
  name,
  in: 'path',
  required: true,
  schema: { type: 'string', pattern },
});
export const inQuery = (name: string, schema: Member, description?: string): Member => ({
  name,
  in: 'query',
  ...(description !== undefined && { description }),
  schema,
});

export const JOB_ID = '^[0-9A-HJKMNP-TV-Z]{26}$';
export const INSTANT = { type: 'string', format: 'date-time' };
export const TOKEN = [{ token: [] }];
