import type { JobKind } from './define-job-kind.ts';

/** Every job kind, public and internal. A new kind is one folder and one line here. */
export const JOB_KINDS: readonly JobKind[] = [];

/** Kinds by name. */
export const kindsByName = (): ReadonlyMap<string, JobKind> =>
  new Map(JOB_KINDS.map((kind) => [kind.name, kind]));

export const PUBLIC_KINDS: readonly JobKind[] = JOB_KINDS.filter((kind) => kind.public);
