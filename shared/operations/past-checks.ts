import { isLost } from '../errors/unreadable.ts';
import type { PastCheck, PastChecks, PastResult, RecallQuery } from '../jobs/ports.ts';
import type { JobRow } from '../lifecycle/job-row.ts';
import type { Engine } from './engine.ts';
import { openPayload } from './payload-envelope.ts';
import type { RecallRow } from './recall-ports.ts';
import { refsFor } from './recall-refs.ts';

/** Pages that one request reads at most before it answers with what it has and where it goes on. */
const MOST_PAGES = 10;

/** Past results of interaction checks, for requests and for attempts. */
export function createPastChecks({
  recall,
  refs,
  store,
}: Pick<Engine, 'recall' | 'refs' | 'store'>): PastChecks {
  return {
    page: async (query, limit, after) => {
      const wanted = refsFor(refs, query);
      const range = { to: query.to, ...(query.from !== undefined && { from: query.from }) };
      const results: PastResult[] = [];
      let next = after;
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const page = await recall.page(wanted, range, limit - results.length, next);
        results.push(...page.rows.filter((row) => matches(query, row, wanted[0])).map(resultOf));
        next = page.next;
        if (next === undefined || results.length >= limit) break;
      }
      return { results, ...(next !== undefined && { next }) };
    },

    read: async (jobIds) => {
      const rows = await store.readMany(jobIds);
      return Promise.all(jobIds.map((jobId, index) => readOne({ store }, jobId, rows[index])));
    },
  };
}

/** What cannot be opened any more counts where its place alone says that it is wanted. */
function matches(
  { rule, dataSet }: RecallQuery,
  { ref, recall }: RecallRow,
  sure: string | undefined,
): boolean {
  if (!recall) return ref === sure;
  return (
    (rule === undefined || recall.rules.includes(rule)) &&
    (dataSet === undefined || recall.dataSet === dataSet)
  );
}

const resultOf = ({ jobId, endedAt, userRef, recall }: RecallRow): PastResult => ({
  jobId,
  endedAt,
  userRef,
  ...(recall && { recall }),
});

async function readOne(
  { store }: Pick<Engine, 'store'>,
  jobId: string,
  row: JobRow | undefined,
): Promise<PastCheck> {
  if (row?.userRef === undefined) return { jobId, gone: 'expired' };
  try {
    const [payload, result] = await Promise.all([store.payload(row), store.result(row)]);
    if (!result) return { jobId, gone: 'expired' };
    return {
      jobId,
      userRef: row.userRef,
      createdAt: row.createdAt,
      ...(row.childKey !== undefined && { orderedAs: row.childKey }),
      payload: openPayload(payload).body,
      result,
    };
  } catch (error) {
    const gone = goneBy(error);
    if (!gone) throw error;
    return { jobId, gone };
  }
}

/** By name and code, as the store says it: a secret that was erased, an item whose time is over. */
function goneBy(error: unknown): 'expired' | 'erased' | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'StoredItemError' || isLost(error)) return 'expired';
  const erased = error.name === 'FieldCipherError' && 'code' in error && error.code === 'secret_missing';
  return erased ? 'erased' : undefined;
}
