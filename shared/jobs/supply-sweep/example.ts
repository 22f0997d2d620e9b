import type { SupplySweep } from './schema.ts';

export const example: SupplySweep = { prefixes: [''] };
