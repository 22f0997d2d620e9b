import { apiHandler } from '#functions/http/api-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { notFound } from './handler.ts';

// No store behind it: its refusals are counted and logged, and that is all that a wrong path is worth.
export const handler = apiHandler(createBase('not-found', process.env), notFound);
