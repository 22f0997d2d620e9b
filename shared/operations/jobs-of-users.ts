import type { Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { JobFilter } from './bulk-ports.ts';
import type { Engine } from './engine.ts';
import { madeWithin, matches } from './job-filter.ts';
import type { SeenJob } from './job-view.ts';
import type { ListCursor } from './list-cursor.ts';
import { monthsBack } from './months-back.ts';

/** Jobs live 90 days after their end. */
const MONTHS_BACK = 4;
/** Pages that one request reads at most before it answers with what it has and a cursor. */
export const MOST_PAGES = 20;

/** Whose jobs are looked through, and which of them somebody sees. */
interface Search extends JobFilter {
  readonly limit: number;
  readonly users: readonly Ref[];
  readonly seenBy: (row: JobRow) => readonly SeenJob[];
}

/** One page of them. */
interface FoundJobs {
  readonly seen: readonly SeenJob[];
  /** Rows that nobody could read, and that are left out. */
  readonly unreadable: number;
  readonly next?: ListCursor;
}

/** The jobs of these users one after the other, each latest first; of one that is rare the pages may be short or empty. */
export async function jobsOfUsers(
  deps: Pick<Engine, 'store'>,
  search: Search,
  now: Instant,
  cursor: ListCursor | undefined,
): Promise<FoundJobs> {
  const partitions = search.users.flatMap((user) =>
    monthsBack(now, MONTHS_BACK).map((month) => ({ user, month })),
  );
  const seen: SeenJob[] = [];
  let unreadable = 0;
  let index = cursor?.phase === 'own' ? cursor.index : 0;
  let after = cursor?.phase === 'own' ? cursor.after : undefined;
  for (let pages = 0; index < partitions.length && pages < MOST_PAGES; pages += 1) {
    const partition = partitions[index];
    if (!partition) break;
    const room = search.limit - seen.length;
    const page = await deps.store.listByUser(partition.user, partition.month, room, after);
    unreadable += page.unreadable ?? 0;
    const shown = page.rows.filter((row) => matches(search, row) && madeWithin(search, row));
    seen.push(...shown.flatMap(search.seenBy));
    after = page.next;
    if (after === undefined) index += 1;
    if (seen.length >= search.limit) break;
  }
  return index < partitions.length
    ? { seen, unreadable, next: { phase: 'own', index, ...(after !== undefined && { after }) } }
    : { seen, unreadable };
}
