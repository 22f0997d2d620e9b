import { apiHandler } from '#functions/http/api-handler.ts';
import { corsOriginsOf } from '#functions/runtime/api-parts.ts';
import { createBase } from '#functions/runtime/base.ts';
import { databaseOfNobody } from '#functions/runtime/closed-fields.ts';
import { auditLog, refusalCounter } from '#functions/runtime/job-parts.ts';
import { refusalRecorder } from '#functions/runtime/refusal-recorder.ts';
import { notFound } from './handler.ts';

const base = createBase('not-found', process.env);

// It verifies no token, so its refusals are those of unknown callers: gathered, and written without any key.
const tables = databaseOfNobody(base);
const recordRefusal = refusalRecorder({
  audit: auditLog(base, tables),
  counter: refusalCounter(base, tables),
  random: base.random,
});

const corsOrigins = corsOriginsOf(base);

export const handler = apiHandler({ ...base, corsOrigins, recordRefusal }, notFound(corsOrigins));
