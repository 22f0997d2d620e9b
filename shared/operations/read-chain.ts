import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { JobRowFacts } from '../evidence/job-row-facts.ts';
import type { AuditLog } from './ports.ts';

export interface ChainDeps {
  readonly audit: Pick<AuditLog, 'chain'>;
  /** What a job's row says, with its chain's head; nothing when the row has gone. */
  readonly rowOf: (jobId: string) => Promise<JobRowFacts | undefined>;
}

/** A job moves on while it is looked at; one that was tampered with differs each time. */
const MOST_READS = 5;

/** The row and the chain of a job as of one moment, if there is one in which they agree; else as they were read last. */
export async function readChain(
  { audit, rowOf }: ChainDeps,
  jobId: string,
): Promise<{ readonly row: JobRowFacts | undefined; readonly chain: readonly AuditEntry[] }> {
  for (let read = 1; ; read += 1) {
    const row = await rowOf(jobId);
    const chain = await audit.chain(jobId);
    if (!row || row.chainHash === chain.at(-1)?.hash || read === MOST_READS) return { row, chain };
  }
}
