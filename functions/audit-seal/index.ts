import { runHandler } from '#functions/queue/run-handler.ts';
import { createBase } from '#functions/runtime/base.ts';
import { sealParts } from '#functions/runtime/seal-parts.ts';
import { auditSeal } from './handler.ts';

const base = createBase('audit-seal', process.env);

export const handler = runHandler(base, auditSeal({ ...base, ...sealParts(base) }));
