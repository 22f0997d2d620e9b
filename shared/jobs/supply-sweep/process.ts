import { PermanentError } from '../../errors/attempt-error.ts';
import type { ChildOutcome, Done, JobView, Ref, World } from '../ports.ts';
import { planMonitors } from './plan-monitors.ts';
import type { SupplySweep } from './schema.ts';
import { splitPage } from './split-page.ts';

/** More users than this are split into pages; a job makes at most 30 children, and some users need several monitors. */
const USERS_PER_PAGE = 24;
const MOST_MONITORS = 30;

type Totals = { readonly users: number; readonly monitors: number; readonly pages: number };

/**
 * A page that holds few users orders a `supply-monitor` for each of them and is done: monitors live and fail by
 * themselves. One that holds more waits for smaller pages, and adds up what they did.
 */
export async function process(job: JobView<SupplySweep>, world: World): Promise<Done> {
  const { prefixes } = job.payload;
  if (job.round > 0) return done(addedUp(job.children), []);
  const owners = await ownersOf(world, prefixes);
  if (owners.length > USERS_PER_PAGE) return { end: 'waiting', children: splitPage(prefixes) };
  const monitors = await planMonitors(world, owners);
  if (monitors.length > MOST_MONITORS && owners.length > 1)
    return { end: 'waiting', children: splitPage(prefixes) };
  // Of a single user no page is smaller; six hundred medications are watched, and nobody takes more.
  const ordered = monitors.slice(0, MOST_MONITORS);
  return done({ users: owners.length, monitors: ordered.length, pages: 1 }, ordered);
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
  summary: `${totals.users} users, ${totals.monitors} monitors, ${totals.pages} pages`,
  children,
});

/** @throws PermanentError `page_failed`: somebody was not looked at, and a sweep with a hole must not look finished */
function addedUp(children: readonly ChildOutcome[]): Totals {
  const failed = children.filter((child) => child.status !== 'succeeded').length;
  if (failed > 0)
    throw new PermanentError('page_failed', `${failed} of ${children.length} pages did not succeed.`);
  const sum = (member: keyof Totals) =>
    children.reduce((total, { result }) => total + Number(result?.[member] ?? 0), 0);
  return { users: sum('users'), monitors: sum('monitors'), pages: sum('pages') };
}
