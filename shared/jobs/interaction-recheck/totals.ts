import type { ChildOutcome, JsonObject, PastCheck } from '../ports.ts';
import { compare } from './compare.ts';
import { dataSetsIn } from './found-by.ts';

/** Changed checks that a result names; of more it tells the number. */
const MOST_NAMED = 1_000;

/** What a re-check found, in counts and job ids. Plain JSON. */
export type RecheckTotals = {
  readonly found: number;
  readonly rechecked: number;
  /** What the repeated checks were made with: `<id>@<version>`, each once, in order. */
  readonly data_sets: readonly string[];
  readonly changed_outcome: number;
  /** Checks with at least one finding of that level about medications of which none of that level was known. */
  readonly newly_contraindicated: number;
  readonly newly_major: number;
  /** Checks with at least one finding of that level that is none of it any more: lowered, or gone. */
  readonly no_longer_contraindicated: number;
  readonly no_longer_major: number;
  readonly not_rechecked: {
    /** The user was erased. */
    readonly erased: number;
    /** The check is older than it is kept. */
    readonly expired: number;
    /** The new check did not succeed; its own job says why. */
    readonly failed: number;
  };
  /** What somebody has to look at: the check as it was, and the job that repeated it. */
  readonly changed: readonly ChangedCheck[];
  readonly changed_not_named: number;
};

type ChangedCheck = { readonly job_id: string; readonly recheck_job_id: string };

/** A repeated check, and the one that it repeats. */
interface Repetition {
  readonly child: ChildOutcome;
  readonly original: PastCheck | undefined;
}

const NO_CHANGE = {
  changed_outcome: 0,
  newly_contraindicated: 0,
  newly_major: 0,
  no_longer_contraindicated: 0,
  no_longer_major: 0,
};

/** @param others found, and not ordered again */
export function totalsOf(repetitions: readonly Repetition[], others: readonly PastCheck[]): RecheckTotals {
  const changed: ChangedCheck[] = [];
  const counts = { rechecked: 0, ...NO_CHANGE };
  const missing = { erased: 0, expired: 0, failed: 0 };
  const dataSets: string[] = [];
  for (const other of others) if ('gone' in other) missing[other.gone] += 1;
  for (const { child, original } of repetitions) {
    // Read a moment ago, before its repetition was ordered: its time has run out meanwhile.
    if (!original || 'gone' in original) missing[original?.gone ?? 'expired'] += 1;
    else if (child.status !== 'succeeded' || !child.result) missing.failed += 1;
    else {
      const change = compare(original.result, child.result);
      counts.rechecked += 1;
      dataSets.push(...dataSetsIn(child.result));
      counts.changed_outcome += Number(change.outcome);
      counts.newly_contraindicated += Number(change.newlyContraindicated);
      counts.newly_major += Number(change.newlyMajor);
      counts.no_longer_contraindicated += Number(change.noLongerContraindicated);
      counts.no_longer_major += Number(change.noLongerMajor);
      if (Object.values(change).includes(true))
        changed.push({ job_id: original.jobId, recheck_job_id: child.jobId });
    }
  }
  const found = counts.rechecked + missing.erased + missing.expired + missing.failed;
  const data_sets = distinct(dataSets);
  return { found, ...counts, data_sets, not_rechecked: missing, changed, changed_not_named: 0 };
}

const distinct = (names: readonly string[]): readonly string[] => [...new Set(names)].sort();

/** This part and those behind it. */
export function addUp(own: RecheckTotals, parts: readonly RecheckTotals[]): RecheckTotals {
  return parts.reduce((a, b) => {
    const changed = [...a.changed, ...b.changed];
    return {
      found: a.found + b.found,
      rechecked: a.rechecked + b.rechecked,
      data_sets: distinct([...a.data_sets, ...b.data_sets]),
      changed_outcome: a.changed_outcome + b.changed_outcome,
      newly_contraindicated: a.newly_contraindicated + b.newly_contraindicated,
      newly_major: a.newly_major + b.newly_major,
      no_longer_contraindicated: a.no_longer_contraindicated + b.no_longer_contraindicated,
      no_longer_major: a.no_longer_major + b.no_longer_major,
      not_rechecked: {
        erased: a.not_rechecked.erased + b.not_rechecked.erased,
        expired: a.not_rechecked.expired + b.not_rechecked.expired,
        failed: a.not_rechecked.failed + b.not_rechecked.failed,
      },
      changed: changed.slice(0, MOST_NAMED),
      changed_not_named: a.changed_not_named + b.changed_not_named + Math.max(0, changed.length - MOST_NAMED),
    };
  }, own);
}

/** Totals out of the result of a part, which this kind has written. */
export function totalsIn(result: JsonObject): RecheckTotals {
  const count = (of: unknown, name: string): number => Number(Object(of)[name] ?? 0);
  const missing = result['not_rechecked'];
  const changed = [result['changed'] ?? []].flat().map(Object);
  return {
    found: count(result, 'found'),
    rechecked: count(result, 'rechecked'),
    data_sets: [result['data_sets'] ?? []].flat().map(String),
    changed_outcome: count(result, 'changed_outcome'),
    newly_contraindicated: count(result, 'newly_contraindicated'),
    newly_major: count(result, 'newly_major'),
    no_longer_contraindicated: count(result, 'no_longer_contraindicated'),
    no_longer_major: count(result, 'no_longer_major'),
    not_rechecked: {
      erased: count(missing, 'erased'),
      expired: count(missing, 'expired'),
      failed: count(missing, 'failed'),
    },
    changed: changed.map((one) => ({
      job_id: String(one.job_id),
      recheck_job_id: String(one.recheck_job_id),
    })),
    changed_not_named: count(result, 'changed_not_named'),
  };
}

export const summaryOf = ({ found, rechecked, changed, changed_not_named: more }: RecheckTotals): string =>
  `${rechecked} of ${found} checked again, ${changed.length + more} changed`;
