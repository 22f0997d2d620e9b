import { PermanentError } from '../../errors/attempt-error.ts';
import type {
  ChildJob,
  ChildOutcome,
  Done,
  JobView,
  PastCheck,
  PastChecks,
  RecallQuery,
  World,
} from '../ports.ts';
import { isFoundBy } from './found-by.ts';
import type { InteractionRecheck } from './schema.ts';
import { addUp, type RecheckTotals, summaryOf, totalsIn, totalsOf } from './totals.ts';

/** A job makes at most 30 children, and one of them may be the next part. */
const CHECKS_PER_PART = 25;
const NEXT_PART = 'next-part';
const CHECK = 'check#';

/**
 * Orders each check of its part once more, as its caller asked for it then, and a job like itself for the rest; waits
 * for all of them and counts what has changed. The children's ids follow from this job, so a repeated attempt orders
 * the same ones. A check that nobody can read any more is counted with the reason.
 */
export async function process(job: JobView<InteractionRecheck>, world: World): Promise<Done> {
  const { children, payload } = job;
  if (job.round === 0) {
    const { past, next } = await readPart(payload, world.pastChecks);
    const ordered = past.flatMap(again);
    if (next !== undefined) ordered.push(rest(payload, next));
    return ordered.length > 0 ? { end: 'waiting', children: ordered } : done(totalsOf([], past));
  }
  const { past } = await readPart(payload, world.pastChecks);
  const checks = children.filter(({ key }) => key.startsWith(CHECK));
  const originals = await world.pastChecks.read(checks.map(({ key }) => key.slice(CHECK.length)));
  const pairs = checks.map((child, index) => ({ child, original: originals[index] }));
  const own = totalsOf(
    pairs,
    past.filter(({ jobId }) => !checks.some(({ key }) => key === CHECK + jobId)),
  );
  return done(addUp(own, children.filter(({ key }) => key === NEXT_PART).map(totalsOfPart)));
}

async function readPart(
  { rule, data_set: dataSet, from, to, after }: InteractionRecheck,
  pastChecks: PastChecks,
): Promise<{ readonly past: readonly PastCheck[]; readonly next?: string }> {
  const query = {
    to,
    ...(rule !== undefined && { rule }),
    ...(dataSet !== undefined && { dataSet }),
    ...(from !== undefined && { from }),
  };
  const { results, next } = await pastChecks.page(query, CHECKS_PER_PART, after);
  const found = await pastChecks.read(results.map(({ jobId }) => jobId));
  const past = await withoutRepetitions(found, query, pastChecks);
  return { past, ...(next !== undefined && { next }) };
}

/**
 * Leaves out what an earlier re-check made of a check that is found as well: it asks the same of the same user. Else each re-check of one data set
 * would double what the next one finds.
 */
async function withoutRepetitions(
  found: readonly PastCheck[],
  query: RecallQuery,
  pastChecks: PastChecks,
): Promise<readonly PastCheck[]> {
  const originals = await pastChecks.read([...new Set(found.flatMap((past) => repeatedBy(past) ?? []))]);
  const stand = new Set(originals.filter((past) => isFoundBy(query, past)).map(({ jobId }) => jobId));
  return found.filter((past) => !stand.has(repeatedBy(past) ?? ''));
}

/** The check that a re-check repeated with this one. */
const repeatedBy = (past: PastCheck): string | undefined =>
  'gone' in past || !past.orderedAs?.startsWith(CHECK) ? undefined : past.orderedAs.slice(CHECK.length);

const again = (past: PastCheck): ChildJob[] =>
  'gone' in past
    ? []
    : [
        {
          key: CHECK + past.jobId,
          kind: 'interaction-check',
          payload: past.payload,
          // Behind what people wait for.
          priority: 'MEDIUM',
          userRef: past.userRef,
          notes: { rechecks: past.jobId },
        },
      ];

const rest = (payload: InteractionRecheck, after: string): ChildJob => ({
  key: NEXT_PART,
  kind: 'interaction-recheck',
  payload: { ...payload, after },
  priority: 'LOW',
});

/** @throws PermanentError `part_failed`: a re-check with a hole must not look finished */
function totalsOfPart({ status, result }: ChildOutcome): RecheckTotals {
  if (status !== 'succeeded' || !result)
    throw new PermanentError('part_failed', 'A later part of this re-check did not succeed.');
  return totalsIn(result);
}

const done = (totals: RecheckTotals): Done => ({
  end: 'succeeded',
  result: totals,
  summary: summaryOf(totals),
});
