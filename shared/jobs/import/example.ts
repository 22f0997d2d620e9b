import type { Import } from './schema.ts';

export const example: Import = {
  format: 'ndjson',
  role: 'service',
  submitted_by: 'k7v2m4q6x3z5b7n9c2f4h6j8l1',
  lines: [
    { line: 1, owner: 'a7v2m4q6x3z5b7n9c2f4h6j8l1' },
    { line: 2, fault: { pointer: '/user_id', code: 'required' } },
  ],
};
