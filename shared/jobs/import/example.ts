import type { Import } from './schema.ts';

export const example: Import = {
  format: 'ndjson',
  chunks: [{ job_id: '01JZZZZZZZZZZZZZZZZZZZZZZZ', accepted: 28, rejected: 2 }],
};
