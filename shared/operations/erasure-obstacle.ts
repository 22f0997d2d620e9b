import { ProblemError } from '../errors/problem-error.ts';
import type { ErasureState, Ref, StoredRecord } from '../jobs/ports.ts';
import type { CaregiverGrant } from '../jobs/preferences.ts';
import { type Instant, instantOf, msOf } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import { monthsBack } from './months-back.ts';
import { wholePage } from './whole-page.ts';

type ObstacleDeps = Pick<Engine, 'records' | 'store' | 'settings'>;

/** Why a user must not be erased now. */
export type Obstacle =
  | { readonly code: 'legal_hold' }
  | { readonly code: 'retention_period'; readonly keepUntil: Instant };

/** A job may be scheduled a year ahead, and stands for 90 days after its end. */
const MONTHS_OF_JOBS = 16;

/** A legal hold, or that the deployer has to keep the records for longer; nothing when there is neither. */
export async function obstacleTo(
  deps: ObstacleDeps,
  owner: Ref,
  { hold }: ErasureState,
  now: Instant,
): Promise<Obstacle | undefined> {
  if (hold) return { code: 'legal_hold' };
  const { recordRetentionYears: years = 0 } = deps.settings;
  if (years === 0) return undefined;
  const last = await lastRecordedAt(deps, owner, now);
  const keepUntil = last === undefined ? undefined : yearsAfter(last, years);
  return keepUntil !== undefined && keepUntil > now ? { code: 'retention_period', keepUntil } : undefined;
}

/** @throws ProblemError `legal_hold`, `retention_period` */
export async function demandErasable(
  deps: ObstacleDeps,
  owner: Ref,
  state: ErasureState,
  now: Instant,
): Promise<void> {
  const obstacle = await obstacleTo(deps, owner, state, now);
  if (!obstacle) return;
  throw new ProblemError(
    obstacle.code,
    obstacle.code === 'legal_hold'
      ? 'The records of this user are under a legal hold.'
      : `The deployer keeps records until ${obstacle.keepUntil}; ask again after that.`,
  );
}

/**
 * The last moment, up to now, that anything which stands of a user tells of. What was only stated, and by a version that
 * did not write down when, does not count.
 */
async function lastRecordedAt(deps: ObstacleDeps, owner: Ref, now: Instant): Promise<Instant | undefined> {
  const times = await Promise.all([
    latest(now, deps.records.list('schedule', owner, ''), ({ state }) => [state.acceptedAt]),
    latest(now, deps.records.list('medication', owner, ''), medicationTimes),
    latest(now, deps.records.list('user', owner, ''), ({ body }) => [
      body.statedAt,
      ...grantTimes(body.preferences?.caregivers),
    ]),
    latest(now, deps.records.list('careTeam', owner, ''), ({ body }) => [
      body.statedAt,
      ...grantTimes(body.members),
    ]),
    latest(now, deps.records.list('snapshot', owner, ''), ({ body }) => [body.takenAt]),
    latest(now, deps.records.list('occurrence', owner, ''), ({ state }) => [
      state.dueAt,
      state.acknowledgement?.recordedAt,
    ]),
    latest(now, deps.records.list('import-line', owner, ''), ({ state }) => [state.acceptedAt]),
    lastJobAt(deps, owner, now),
  ]);
  return times.reduce(later, undefined);
}

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

async function lastJobAt(deps: ObstacleDeps, owner: Ref, now: Instant): Promise<Instant | undefined> {
  for (const month of monthsBack(now, MONTHS_OF_JOBS)) {
    const { rows } = wholePage(await deps.store.listByUser(owner, month, 1));
    if (rows[0]) return rows[0].createdAt;
  }
  return undefined;
}

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  b !== undefined && (a === undefined || b > a) ? b : a;

/** The same moment so many years on; of 29 February the 1st of March. */
function yearsAfter(instant: Instant, years: number): Instant {
  const date = new Date(msOf(instant));
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return instantOf(date.getTime());
}
