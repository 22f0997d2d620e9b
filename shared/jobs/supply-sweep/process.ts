import { PermanentError } from '../../errors/attempt-error.ts';
import type { ChildOutcome, Done, JobView, Ref, World } from '../ports.ts';
import { planMonitors } from './plan-monitors.ts';
import { planUpdates } from './plan-updates.ts';
import type { SupplySweep } from './schema.ts';
import { splitPage } from './split-page.ts';

/** More users than this are split into pages; a job makes at most 30 children, and some users need several monitors. */
const USERS_PER_PAGE = 24;
const MOST_CHILDREN = 30;

type Totals = {
  readonly users: number;
  readonly monitors: number;
  readonly updates: number;
  readonly pages: number;
};

/**
 * A page that holds few users orders a `supply-monitor` for each of them, a `schedule-update` for those who need one, and
 * is done: both live and fail by themselves. One that holds more waits for smaller pages, and adds up what they did.
 */
export async function process(job: JobView<SupplySweep>, world: World): Promise<Done> {
  const { prefixes } = job.payload;
  if (job.round > 0) return done(addedUp(job.children), []);
  const owners = await ownersOf(world, prefixes);
  if (owners.length > USERS_PER_PAGE) return { end: 'waiting', children: splitPage(prefixes) };
  const updates = await planUpdates(world, owners);
  const monitors = await planMonitors(world, owners);
  if (updates.length + monitors.length > MOST_CHILDREN && owners.length > 1)
    return { end: 'waiting', children: splitPage(prefixes) };
  // Of a single user no page is smaller; nearly six hundred medications are watched, and nobody takes more.
  const ordered = monitors.slice(0, MOST_CHILDREN - updates.length);
  const totals = { users: owners.length, monitors: ordered.length, updates: updates.length, pages: 1 };
  return done(totals, [...updates, ...ordered]);
}

/** At most one more than fits into a page. */
async function ownersOf(world: World, prefixes: readonly string[]): Promise<readonly Ref[]> {
  const owners: Ref[] = [];
  for (const prefix of prefixes)
    if (owners.length <= USERS_PER_PAGE)
      owners.push(...(await world.records.owners(prefix, USERS_PER_PAGE + 1 - owners.length)));
  return owners;
}

const done = (totals: Totals, children: Awaited<ReturnType<typeof planMonitors>>): Done => ({
  end: 'succeeded',
  result: totals,
  summary: [
    `${totals.users} users`,
    `${totals.monitors} monitors`,
    ...(totals.updates > 0 ? [`${totals.updates} schedule updates`] : []),
    `${totals.pages} pages`,
  ].join(', '),
  children,
});

/** @throws PermanentError `page_failed`: somebody was not looked at, and a sweep with a hole must not look finished */
function addedUp(children: readonly ChildOutcome[]): Totals {
  const failed = children.filter((child) => child.status !== 'succeeded').length;
  if (failed > 0)
    throw new PermanentError('page_failed', `${failed} of ${children.length} pages did not succeed.`);
  const sum = (member: keyof Totals) =>
    children.reduce((total, { result }) => total + Number(result?.[member] ?? 0), 0);
  return { users: sum('users'), monitors: sum('monitors'), updates: sum('updates'), pages: sum('pages') };
}
