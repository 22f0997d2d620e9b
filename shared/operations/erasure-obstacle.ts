import { ProblemError } from '../errors/problem-error.ts';
import type { ErasureState, RecordType, Ref, StoredRecord } from '../jobs/ports.ts';
import type { CaregiverGrant } from '../jobs/preferences.ts';
import { type Instant, instantOf, msOf } from '../lifecycle/instant.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import type { Engine } from './engine.ts';
import { monthsBack } from './months-back.ts';

type ObstacleDeps = Pick<Engine, 'records' | 'store' | 'patientGrants' | 'settings'>;

/** Why a user must not be erased now. */
export type Obstacle =
  | { readonly code: 'legal_hold' }
  | { readonly code: 'retention_period'; readonly keepUntil: Instant }
  /** How long they have to be kept cannot be told: so many of the things that would say so cannot be read. */
  | { readonly code: 'records_unreadable'; readonly count: number };

/** A job may be scheduled a year ahead, and stands for 90 days after its end. */
const MONTHS_OF_JOBS = 16;

/** A legal hold, or that the deployer has to keep the records for longer, or may have to; nothing when there is neither. */
export async function obstacleTo(
  deps: ObstacleDeps,
  owner: Ref,
  { hold }: ErasureState,
  now: Instant,
): Promise<Obstacle | undefined> {
  if (hold) return { code: 'legal_hold' };
  const { recordRetentionYears: years = 0 } = deps.settings;
  if (years === 0) return undefined;
  const { last, unreadable } = await lastRecordedAt(deps, owner, now);
  const keepUntil = last === undefined ? undefined : yearsAfter(last, years);
  if (keepUntil !== undefined && keepUntil > now) return { code: 'retention_period', keepUntil };
  return unreadable > 0 ? { code: 'records_unreadable', count: unreadable } : undefined;
}

/** @throws ProblemError `legal_hold`, `retention_period`, `records_unreadable` */
export async function demandErasable(
  deps: ObstacleDeps,
  owner: Ref,
  state: ErasureState,
  now: Instant,
): Promise<void> {
  const obstacle = await obstacleTo(deps, owner, state, now);
  if (obstacle) throw new ProblemError(obstacle.code, detailOf(obstacle));
}

function detailOf(obstacle: Obstacle): string {
  switch (obstacle.code) {
    case 'legal_hold':
      return 'The records of this user are under a legal hold.';
    case 'retention_period':
      return `The deployer keeps records until ${obstacle.keepUntil}; ask again after that.`;
    case 'records_unreadable':
      return `${obstacle.count} records of this user cannot be read, so nobody can tell for how long they have to be kept. Whoever runs the service finds what to do in its runbook, "Records of a user cannot be read".`;
  }
}

interface LastRecorded {
  readonly last: Instant | undefined;
  readonly unreadable: number;
}

/**
 * The last moment, up to now, that anything which stands of a user tells of. What was only stated, and by a version that
 * did not write down when, does not count.
 */
async function lastRecordedAt(deps: ObstacleDeps, owner: Ref, now: Instant): Promise<LastRecorded> {
  const { records } = deps;
  let unreadable = 0;
  const passOver = () => {
    unreadable += 1;
  };
  const listed = <T extends RecordType>(type: T) => records.list(type, owner, '', passOver);
  const times = await Promise.all([
    latest(now, listed('schedule'), ({ state }) => [state.acceptedAt]),
    latest(now, listed('medication'), medicationTimes),
    latest(now, listed('user'), ({ body }) => [body.statedAt, ...grantTimes(body.preferences?.caregivers)]),
    latest(now, listed('careTeam'), ({ body }) => [body.statedAt, ...grantTimes(body.members)]),
    latest(now, listed('snapshot'), ({ body }) => [body.takenAt]),
    latest(now, listed('occurrence'), ({ state }) => [state.dueAt, state.acknowledgement?.recordedAt]),
    latest(now, listed('import-line'), ({ state }) => [state.acceptedAt]),
    latest(now, deps.patientGrants(owner, passOver), emergencyTimes),
  ]);
  const jobs = await lastJobAt(deps, owner, now);
  return { last: times.reduce(later, jobs.last), unreadable: unreadable + jobs.unreadable };
}

/** Emergency access is recorded of the patient, and so is what was said of it. */
const emergencyTimes = ({ grantedAt, endedAt, review }: BreakGlassGrant) => [
  grantedAt,
  endedAt,
  review?.reviewedAt,
];

const medicationTimes = ({ body, state }: StoredRecord<'medication'>) => [
  state.stoppedAt,
  body.statedAt,
  body.lastSnapshot?.takenAt,
  body.lastFillDate === undefined ? undefined : `${body.lastFillDate}T00:00:00.000Z`,
];

/** A consent counts for as long as it held. */
const grantTimes = (grants: readonly CaregiverGrant[] = []) =>
  grants.flatMap(({ consentedAt, end, revokedAt }) => [consentedAt, end, revokedAt]);

/** The last of their times that is not ahead: one that is hides none before it. */
async function latest<R>(
  now: Instant,
  records: AsyncIterable<R>,
  timesOf: (record: R) => readonly (Instant | undefined)[],
): Promise<Instant | undefined> {
  let last: Instant | undefined;
  for await (const record of records)
    last = timesOf(record)
      .filter((time) => time !== undefined && time <= now)
      .reduce(later, last);
  return last;
}

async function lastJobAt(deps: ObstacleDeps, owner: Ref, now: Instant): Promise<LastRecorded> {
  for (const month of monthsBack(now, MONTHS_OF_JOBS)) {
    const { rows, unreadable = 0 } = await deps.store.listByUser(owner, month, 1);
    if (rows[0] || unreadable > 0) return { last: rows[0]?.createdAt, unreadable };
  }
  return { last: undefined, unreadable: 0 };
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  b !== undefined && (a === undefined || b > a) ? b : a;

/** The same moment so many years on; of 29 February the 1st of March. */
function yearsAfter(instant: Instant, years: number): Instant {
  const date = new Date(msOf(instant));
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return instantOf(date.getTime());
}
