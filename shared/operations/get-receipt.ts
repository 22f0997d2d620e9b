import { ProblemError } from '../errors/problem-error.ts';
import { standaloneEntry } from '../evidence/audit-chain.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { Caller } from '../evidence/caller.ts';
import type { Receipt } from '../evidence/receipt.ts';
import { sightOf } from '../evidence/result-sight.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { isTerminal } from '../lifecycle/transitions.ts';
import type { Engine } from './engine.ts';
import { actorOf, findJob, type RequestContext } from './find-job.ts';
import { openPayload } from './payload-envelope.ts';
import { proveEntry } from './prove-entry.ts';
import { recordRead } from './record-read.ts';
import type { SealVault } from './seal-ports.ts';

export type GetReceiptDeps = Pick<Engine, 'store' | 'records' | 'refs' | 'kinds' | 'audit' | 'random'> & {
  readonly vault: Pick<SealVault, 'seal' | 'leafHashes'>;
};

/**
 * The receipt of a job that has ended: what was ordered, as a salted hash, and what became of it, as the audit trail has
 * it; from the next seal on with proofs. Whoever is shown the result gets the salt, and can compute the hash again.
 * @throws ProblemError `not_found`, `state_conflict` when it has not ended, `read_not_recorded`
 */
export async function getReceipt(
  deps: GetReceiptDeps,
  caller: Caller,
  jobId: string,
  request: RequestContext,
): Promise<Receipt> {
  const { row, role, caller: seenBy } = await findJob(deps, 'getReceipt', caller, jobId, request);
  if (!isTerminal(row.status))
    throw new ProblemError(
      'state_conflict',
      `A job has a receipt when it has ended; this one is ${row.status}.`,
    );
  const accepted = await entryOf(deps, jobId, 1);
  const ended = await entryOf(deps, jobId, row.chainSeq);
  const sight = sightOf(role, row.userRef !== undefined, deps.kinds.get(row.kind));
  const salt = sight === 'none' ? undefined : await saltOf(deps, row);
  const proved = [];
  for (const entry of [accepted, ended]) proved.push(await proveEntry(deps.vault, entry));
  const known = proved.flatMap((one) => one ?? []);
  const hash = accepted.details['request_hash'];
  const receipt: Receipt = {
    v: 1,
    job_id: jobId,
    kind: row.kind,
    status: row.status,
    generation: row.generation,
    accepted_at: accepted.at,
    ended_at: ended.at,
    ...(row.errorCode !== undefined && { error_code: row.errorCode }),
    ...(typeof hash === 'string' && { request: { hash, ...(salt !== undefined && { salt }) } }),
    chain: { sequence: row.chainSeq, hash: row.chainHash },
    entries: [accepted, ended],
    proofs: known.map(({ proof }) => proof),
    seals: [...new Map(known.map(({ seal }) => [seal.hour, seal])).values()],
  };
  await recordRead(deps, readEntry(deps, { caller: seenBy, role, row, receipt }, request));
  return receipt;
}

async function entryOf({ audit }: Pick<Engine, 'audit'>, jobId: string, seq: number): Promise<AuditEntry> {
  const entry = await audit.entry(jobId, seq);
  if (!entry) throw new Error('An audit entry of a job is missing.');
  return entry;
}

/** Nothing when the user was erased: then nobody can compute the hash again. By name and code, as the store says it. */
async function saltOf({ store }: Pick<Engine, 'store'>, row: JobRow): Promise<string | undefined> {
  try {
    return openPayload(await store.payload(row)).salt;
  } catch (error) {
    const erased =
      error instanceof Error &&
      error.name === 'FieldCipherError' &&
      'code' in error &&
      error.code === 'secret_missing';
    if (erased) return undefined;
    throw error;
  }
}

function readEntry(
  deps: Pick<Engine, 'refs' | 'random'>,
  seen: {
    readonly caller: Caller;
    readonly role: Parameters<typeof actorOf>[2];
    readonly row: JobRow;
    readonly receipt: Receipt;
  },
  { receivedAt, correlationId }: RequestContext,
) {
  const { row, receipt } = seen;
  return standaloneEntry(
    {
      at: receivedAt,
      action: 'receipt.read',
      outcome: 'success',
      actor: actorOf(deps, seen.caller, seen.role),
      ...(row.userRef !== undefined && { subjectRef: row.userRef }),
      jobId: row.jobId,
      correlationId,
      details: {
        kind: row.kind,
        status: row.status,
        salt: receipt.request?.salt !== undefined,
        proofs: receipt.proofs.length,
      },
    },
    deps.random.ulid(receivedAt),
  );
}
