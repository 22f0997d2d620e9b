import type { ImportChunk } from './schema.ts';

export const example: ImportChunk = {
  import_id: '0000000000G8QJ4S5W9N3X7ZKA',
  accepted_at: '2027-03-01T08:00:00.000Z',
  role: 'service',
  submitted_by: 'k7v2m4q6x3z5b7n9c2f4h6j8l1',
  lines: [{ line: 1, owner: 'a7v2m4q6x3z5b7n9c2f4h6j8l1' }],
};
