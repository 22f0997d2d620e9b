import type { AuditAction } from '../evidence/audit-actions.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { ErasureState, JsonObject, Recall, RecordKey, Ref } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { allows } from '../lifecycle/transitions.ts';
import { commitEnd, type EndDeps } from './commit-end.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import { monthsBack } from './months-back.ts';
import { recallEntry } from './recall-refs.ts';
import { tellErasure } from './tell-erasure.ts';
import { wholePage } from './whole-page.ts';

export type EraseUserDeps = EndDeps &
  Pick<
    Engine,
    'erasing' | 'schedules' | 'records' | 'recall' | 'refs' | 'audit' | 'publisher' | 'settings' | 'clock'
  >;

/** A job may be scheduled a year ahead, and stands for 90 days after its end. */
const MONTHS_OF_JOBS = 16;
const JOBS_AT_ONCE = 100;
const RECORDS_AT_ONCE = 100;
const CANCEL_TRIES = 5;

/**
 * Takes away what stands of a user whose secret is closed, then destroys the secret. The order is what matters: recall
 * entries are found by what stands in sealed results, so they go while those can be opened. Each step may be repeated and
 * leaves an audit entry when it is done.
 */
export async function eraseUser(
  deps: EraseUserDeps,
  user: { readonly owner: Ref; readonly userId: string },
  state: ErasureState,
  step: (action: AuditAction, details: AuditEntry['details']) => AuditEntry,
): Promise<void> {
  const { owner } = user;
  const { erasing, audit } = deps;
  const jobs = await endJobs(deps, owner);
  await audit.put(step('erasure.jobs_ended', { cancelled: jobs.cancelled }));
  for (const row of jobs.succeeded) await removeRecall(deps, row);
  await audit.put(step('erasure.recall_removed', { results: jobs.succeeded.length }));
  // Consents go with the records. What was revoked must not be granted again by a claim.
  await erasing.markErased(owner, deps.clock());
  // They are known from the records only, which keep whoever was ever given a grant.
  await erasing.deleteGrantees(owner, await granteesOf(deps, owner));
  await audit.put(step('erasure.records_deleted', { records: await deleteRecords(deps, owner) }));
  await erasing.deleteUserRow(owner);
  // While the id can still be read: whoever keeps copies has to know whose.
  await tellErasure(deps, 'user.erased', user, state, false);
  // Recorded first: a run that dies after the act would never come here again.
  await audit.put(step('erasure.secret_destroyed', {}));
  await erasing.destroySecret(owner, state.erasureId ?? '', deps.clock());
}

/** Ends every job that has not ended: what they would write is refused by now. */
async function endJobs(
  deps: EraseUserDeps,
  owner: Ref,
): Promise<{ readonly cancelled: number; readonly succeeded: readonly JobRow[] }> {
  let cancelled = 0;
  const succeeded: JobRow[] = [];
  for (const month of monthsBack(deps.clock(), MONTHS_OF_JOBS)) {
    let after: string | undefined;
    do {
      const page = wholePage(await deps.store.listByUser(owner, month, JOBS_AT_ONCE, after));
      for (const row of page.rows) {
        if (row.status === 'succeeded') succeeded.push(row);
        else if (await cancel(deps, row.jobId)) cancelled += 1;
      }
      after = page.next;
    } while (after !== undefined);
  }
  return { cancelled, succeeded };
}

/** The list is a moment old, so the row is read again. */
async function cancel(deps: EraseUserDeps, jobId: string): Promise<boolean> {
  for (let tries = 0; tries < CANCEL_TRIES; tries += 1) {
    const before = await deps.store.read(jobId);
    if (!before || !allows('cancel', before.status)) return false;
    const now = deps.clock();
    const event = 'cancel';
    const running = before.status === 'running';
    const change = jobChange(
      {
        event,
        before,
        now,
        actor: systemActor('erasure'),
        errorCode: 'user_erased',
        ...(running && { attemptOutcome: 'cancelled' as const }),
      },
      deps.random,
    );
    if ((await commitEnd(deps, { ...change, event }, now)) === 'committed') return true;
  }
  throw new Error('A job of a user who is being erased keeps moving.');
}

/**
 * The entries by which a result is found again. Which rules applied stands in the entry of its data set, so that one goes
 * last: a run that dies in between finds the others again.
 */
async function removeRecall(deps: EraseUserDeps, row: JobRow): Promise<void> {
  const result = await deps.store.result(row);
  const dataSet = result && dataSetIn(result);
  if (dataSet === undefined) return;
  const ref = deps.refs.recall('data_set', dataSet);
  const recall: Recall | undefined = await deps.recall.entry(ref, row);
  if (!recall) return;
  const { refs } = recallEntry(deps.refs, recall);
  await deps.recall.remove([...refs.filter((one) => one !== ref), ref], row);
}

/** The data set that a result names, as recall entries do. */
function dataSetIn({ data_set: dataSet }: JsonObject): string | undefined {
  if (typeof dataSet !== 'object' || dataSet === null || Array.isArray(dataSet)) return undefined;
  const members = new Map<string, unknown>(Object.entries(dataSet));
  const [id, version] = [members.get('id'), members.get('version')];
  return id === undefined || version === undefined ? undefined : `${String(id)}@${String(version)}`;
}

/** Everybody whom the user has ever given a grant, as users are known. */
async function granteesOf({ records, refs }: EraseUserDeps, owner: Ref): Promise<readonly Ref[]> {
  const keys: readonly RecordKey<'user' | 'careTeam'>[] = [
    { type: 'user', owner, id: '' },
    { type: 'careTeam', owner, id: '' },
  ];
  const grants = (await records.readMany(keys)).flatMap((record) => {
    if (!record) return [];
    return 'members' in record.body ? record.body.members : (record.body.preferences?.caregivers ?? []);
  });
  return [...new Set(grants.map(({ caregiverId }) => refs.user(caregiverId)))];
}

async function deleteRecords(deps: EraseUserDeps, owner: Ref): Promise<number> {
  let deleted = 0;
  for (;;) {
    const some = await deps.erasing.deleteRecords(owner, RECORDS_AT_ONCE);
    if (some === 0) return deleted;
    deleted += some;
  }
}
