import { unlessUnreadable } from '../errors/unreadable.ts';
import type { AuditAction } from '../evidence/audit-actions.ts';
import type { AuditEntry } from '../evidence/audit-entry.ts';
import type { ErasureState, JsonObject, Recall, Ref } from '../jobs/ports.ts';
import type { CaregiverGrant } from '../jobs/preferences.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import { allows } from '../lifecycle/transitions.ts';
import { commitEnd, type EndDeps } from './commit-end.ts';
import type { Engine } from './engine.ts';
import { jobChange, systemActor } from './job-change.ts';
import { monthsBack } from './months-back.ts';
import { recallEntry } from './recall-refs.ts';
import { tellErasure } from './tell-erasure.ts';
import { tellOwed } from './tell-owed.ts';

export type EraseUserDeps = EndDeps &
  Pick<
    Engine,
    | 'erasing'
    | 'schedules'
    | 'records'
    | 'recall'
    | 'patientGrants'
    | 'refs'
    | 'audit'
    | 'publisher'
    | 'settings'
    | 'clock'
  >;

/** A job may be scheduled a year ahead, and stands for 90 days after its end. */
const MONTHS_OF_JOBS = 16;
const JOBS_AT_ONCE = 100;
const RECORDS_AT_ONCE = 100;
const CANCEL_TRIES = 5;

/**
 * Takes away what stands of a user whose secret is closed, then destroys the secret. The order is what matters: recall
 * entries are found by what stands in sealed results, so they go while those can be opened. Each step may be repeated and
 * leaves an audit entry when it is done. What can never be read stands in the way of none: it goes with the secret, and
 * the entry says how many there were.
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
  const { cancelled, owed } = jobs;
  const details = { cancelled, ...(owed > 0 && { notices_told: owed }), ...told(jobs.unreadable) };
  await audit.put(step('erasure.jobs_ended', details));
  let results = 0;
  for (const row of jobs.succeeded)
    await unlessUnreadable(
      () => removeRecall(deps, row),
      () => {
        results += 1;
      },
    );
  await audit.put(step('erasure.recall_removed', { results: jobs.succeeded.length, ...told(results) }));
  // Consents go with the records. What was revoked must not be granted again by a claim.
  await erasing.markErased(owner, deps.clock());
  // They are known from the records only, which keep whoever was ever given a grant.
  const { grantees, unreadable } = await granteesOf(deps, owner);
  await erasing.deleteGrantees(owner, grantees);
  const records = await deleteRecords(deps, owner);
  await audit.put(step('erasure.records_deleted', { records, ...told(unreadable) }));
  await erasing.deleteUserRow(owner);
  // While the id can still be read: whoever keeps copies has to know whose.
  await tellErasure(deps, 'user.erased', user, state, false);
  // Recorded first: a run that dies after the act would never come here again.
  await audit.put(step('erasure.secret_destroyed', {}));
  await erasing.destroySecret(owner, state.erasureId ?? '', deps.clock());
}

const told = (unreadable: number) => (unreadable > 0 ? { unreadable } : {});

interface EndedJobs {
  readonly cancelled: number;
  /** Uses of emergency access of which the user had not been told. */
  readonly owed: number;
  readonly unreadable: number;
  readonly succeeded: readonly JobRow[];
}

/** Ends every job that has not ended: what they would write is refused by now. What the user is owed is told before. */
async function endJobs(deps: EraseUserDeps, owner: Ref): Promise<EndedJobs> {
  let cancelled = 0;
  let owed = 0;
  let unreadable = 0;
  const succeeded: JobRow[] = [];
  for (const month of monthsBack(deps.clock(), MONTHS_OF_JOBS)) {
    let after: string | undefined;
    do {
      const page = await deps.store.listByUser(owner, month, JOBS_AT_ONCE, after);
      unreadable += page.unreadable ?? 0;
      for (const row of page.rows) {
        const isTold = await unlessUnreadable(
          () => tellOwed(deps, row),
          () => {
            unreadable += 1;
          },
        );
        if (isTold) owed += 1;
        if (row.status === 'succeeded') succeeded.push(row);
        else if (await cancel(deps, row.jobId)) cancelled += 1;
      }
      after = page.next;
    } while (after !== undefined);
  }
  return { cancelled, owed, unreadable, succeeded };
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
async function granteesOf({ records, refs }: EraseUserDeps, owner: Ref) {
  const grants: CaregiverGrant[] = [];
  let unreadable = 0;
  const passOver = () => {
    unreadable += 1;
  };
  for await (const { body } of records.list('user', owner, '', passOver))
    grants.push(...(body.preferences?.caregivers ?? []));
  for await (const { body } of records.list('careTeam', owner, '', passOver)) grants.push(...body.members);
  return { grantees: [...new Set(grants.map(({ caregiverId }) => refs.user(caregiverId)))], unreadable };
}

async function deleteRecords(deps: EraseUserDeps, owner: Ref): Promise<number> {
  let deleted = 0;
  for (;;) {
    const some = await deps.erasing.deleteRecords(owner, RECORDS_AT_ONCE);
    if (some === 0) return deleted;
    deleted += some;
  }
}
