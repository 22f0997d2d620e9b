import { sealHours } from '#shared/operations/seal-hours.ts';

export type AuditSealDeps = Parameters<typeof sealHours>[0];

/** Runs at EventBridge's hourly rule; the event says nothing that is needed: what has no seal yet is sealed. */
export const auditSeal =
  (deps: AuditSealDeps) =>
  async (_event: unknown): Promise<void> => {
    await sealHours(deps);
  };
