import type { Instant } from '../../lifecycle/instant.ts';
import type { World } from '../ports.ts';
import { countDose, countOutcome, FACT_FAMILIES } from './count-rows.ts';
import type { Family } from './metrics-types.ts';
import { personOf } from './people.ts';
import { Tally } from './tally.ts';
import { instantsOf, type TimeWindow } from './time-window.ts';
import { hourAt } from './units.ts';

export type Tallies = ReadonlyMap<Family, Tally>;

type RowReader = Pick<World, 'outcomes' | 'events' | 'now'>;

/**
 * The numbers of a UTC hour, or a part of one, from its rows alone, read page by page; nothing before or after is looked at.
 * A row counts once, however often a reader gives it, and only if it lies in the window.
 */
export async function readRows(
  world: RowReader,
  window: TimeWindow,
  families: readonly Family[],
): Promise<Tallies> {
  const tallies = new Map(families.map((family) => [family, new Tally()]));
  const hourEnd = instantsOf(hourAt(window.startMs)).end;
  const bounds = instantsOf(window);
  await Promise.all([
    readOutcomes(world, bounds, tallies),
    readAccepted(world, bounds, tallies.get('jobs')),
    readDoses(world, bounds, hourEnd, tallies.get('reminders')),
    readSecurity(world, bounds, tallies.get('security')),
  ]);
  return tallies;
}

interface Bounds {
  readonly start: Instant;
  readonly end: Instant;
}

const isWithin = (at: Instant, { start, end }: Bounds): boolean => at >= start && at < end;

async function readOutcomes(world: RowReader, bounds: Bounds, tallies: Tallies): Promise<void> {
  const jobs = tallies.get('jobs');
  const wanted = Object.values(FACT_FAMILIES).some(({ family }) => tallies.has(family));
  if (!jobs && !wanted) return;
  const seen = new Set<string>();
  for await (const outcome of world.outcomes.between(bounds.start, bounds.end)) {
    if (!isWithin(outcome.endedAt, bounds) || isKnown(seen, `${outcome.jobId}#${outcome.generation}`))
      continue;
    if (jobs) {
      jobs.rows += 1;
      countOutcome(jobs, outcome);
    }
    const { kind, status, facts = {} } = outcome;
    if (status !== 'succeeded' || !isFactKind(kind)) continue;
    const { family, count } = FACT_FAMILIES[kind];
    const tally = tallies.get(family);
    if (!tally) continue;
    tally.rows += 1;
    count(tally, facts, personOf(outcome.userRef));
  }
}

const isFactKind = (kind: string): kind is keyof typeof FACT_FAMILIES => Object.hasOwn(FACT_FAMILIES, kind);

async function readAccepted(world: RowReader, bounds: Bounds, tally: Tally | undefined): Promise<void> {
  if (!tally) return;
  const seen = new Set<string>();
  for await (const { jobId, kind, priority, acceptedAt } of world.events.accepted(bounds.start, bounds.end)) {
    if (!isWithin(acceptedAt, bounds) || isKnown(seen, jobId)) continue;
    tally.rows += 1;
    tally.add(`${kind}|${priority}|accepted`, 1);
  }
}

async function readDoses(
  world: RowReader,
  bounds: Bounds,
  hourEnd: Instant,
  tally: Tally | undefined,
): Promise<void> {
  if (!tally) return;
  const seen = new Set<string>();
  const now = world.now();
  for await (const dose of world.events.doses(bounds.start, bounds.end)) {
    if (!isWithin(dose.dueAt, bounds) || isKnown(seen, `${dose.userRef}#${dose.occurrenceId}`)) continue;
    tally.rows += 1;
    countDose(tally, dose, hourEnd, now);
  }
}

async function readSecurity(world: RowReader, bounds: Bounds, tally: Tally | undefined): Promise<void> {
  if (!tally) return;
  const seen = new Set<string>();
  for await (const { hour, step, code, count } of world.events.refusals(bounds.start, bounds.end)) {
    // A counter and no event: whoever keeps it in several rows means their sum.
    if (!isWithin(hour, bounds)) continue;
    tally.rows += 1;
    tally.add(`refusal|${step}|${code}`, count);
  }
  for await (const { id, at } of world.events.breakGlass(bounds.start, bounds.end)) {
    if (!isWithin(at, bounds) || isKnown(seen, id)) continue;
    tally.rows += 1;
    tally.add('break_glass', 1);
  }
}

/** Remembers what it is asked about. Rows of an hour are told apart within it, so nothing has to be remembered for longer. */
function isKnown(seen: Set<string>, id: string): boolean {
  if (seen.has(id)) return true;
  seen.add(id);
  return false;
}
