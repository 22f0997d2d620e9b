import { s3Client } from '#shared/adapters/clients.ts';
import { createLargeObjects, type LargeObjects } from '#shared/adapters/large-objects.ts';
import type { Base } from './base.ts';

/** The bucket of results that are too large for an item; for functions that commit or show results. */
export const largeResults = (base: Base): LargeObjects =>
  createLargeObjects(s3Client(base.clients), base.variable('RESULTS_BUCKET'));
