import type { AuditEntry } from '../evidence/audit-entry.ts';
import {
  isKeyedHash,
  keyVersionAt,
  namesByHash,
  pseudonymText,
  underPseudonyms,
} from '../evidence/pseudonyms.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { JobChange, NewJob, ParentChange } from '../operations/ports.ts';
import type { PseudonymsOf } from '../operations/rights-ports.ts';
import type { KeyRing } from './key-ring.ts';
import { keyedHash } from './refs.ts';

/**
 * The entry as it may be written: who and whose in it are pseudonyms under the key of its year, whatever keyed hashes
 * rows know them by. An entry that names nobody takes no key, and comes back as it is.
 */
export type Pseudonymize = (entry: AuditEntry) => Promise<AuditEntry>;

export const createPseudonymize =
  (keys: Pick<KeyRing, 'auditKey'>): Pseudonymize =>
  async (entry) => {
    if (!namesByHash(entry)) return entry;
    const version = keyVersionAt(entry.at);
    const key = await keys.auditKey(version);
    return underPseudonyms(entry, (ref) => pseudonymText(version, keyedHash(key, ref)));
  };

/** For functions that have no key, because their entries name nobody. */
export const namesNobody: Pseudonymize = async (entry) => {
  if (namesByHash(entry)) throw new Error('This function has no key for entries that name somebody.');
  return entry;
};

/** The keyed hash itself is among them: so entries call people that were written before there were pseudonyms. */
export const createPseudonymsOf =
  (keys: Pick<KeyRing, 'auditKeys'>): PseudonymsOf =>
  async (ref) => {
    if (!isKeyedHash(ref)) return [ref];
    const made = (await keys.auditKeys()).map(({ version, key }) =>
      pseudonymText(version, keyedHash(key, ref)),
    );
    return [...made, ref];
  };

/** The row carries the hash of the chain's last entry, so it follows what becomes of the entry. */
export async function newJobUnderPseudonyms(pseudonymize: Pseudonymize, job: NewJob): Promise<NewJob> {
  const audit = await pseudonymize(job.audit);
  return audit === job.audit ? job : { ...job, audit, row: headedBy(audit, job.row) };
}

export async function changeUnderPseudonyms(
  pseudonymize: Pseudonymize,
  change: JobChange,
): Promise<JobChange> {
  const audit = await pseudonymize(change.audit);
  const parent = change.parent && (await parentUnderPseudonyms(pseudonymize, change.parent));
  return {
    ...change,
    ...(audit !== change.audit && { audit, after: headedBy(audit, change.after) }),
    ...(parent && { parent }),
  };
}

async function parentUnderPseudonyms(
  pseudonymize: Pseudonymize,
  parent: ParentChange,
): Promise<ParentChange> {
  const audit = parent.audit && (await pseudonymize(parent.audit));
  return audit === parent.audit || !audit
    ? parent
    : { ...parent, audit, after: headedBy(audit, parent.after) };
}

const headedBy = (audit: AuditEntry, row: JobRow): JobRow => ({ ...row, chainHash: audit.hash });
