import type { JobMessage } from '#shared/lifecycle/job-row.ts';
import { isPriority } from '#shared/lifecycle/priority.ts';

const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const KIND = /^[a-z][a-z-]{0,63}$/;

/** The message of a queue record, `undefined` when it is none: nobody can do anything with it, now or later. */
export function readJobMessage(body: string): JobMessage | undefined {
  const { v, jobId, kind, priority, generation } = fieldsOf(body);
  if (v !== 1 || typeof jobId !== 'string' || !JOB_ID.test(jobId)) return undefined;
  if (typeof kind !== 'string' || !KIND.test(kind)) return undefined;
  if (typeof priority !== 'string' || !isPriority(priority)) return undefined;
  if (typeof generation !== 'number' || !Number.isSafeInteger(generation) || generation < 1) return undefined;
  return { v, jobId, kind, priority, generation };
}

type Fields = { readonly [name: string]: unknown } & {
  readonly v?: unknown;
  readonly jobId?: unknown;
  readonly kind?: unknown;
  readonly priority?: unknown;
  readonly generation?: unknown;
  readonly shard?: unknown;
};

/** The members of a JSON object; none when the text is anything else. */
export function fieldsOf(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
