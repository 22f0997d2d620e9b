import type { JsonObject, OutcomeRow } from '../ports.ts';
import { fieldsWithout, type JobCell, JobTally } from './job-tally.ts';
import { JOB_MEASURES, type JobMeasure } from './metrics-types.ts';

type Priority = OutcomeRow['priority'];

/** Most urgent first: the order of the answer. */
const PRIORITY_ORDER: readonly Priority[] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];

/** Ended jobs of a window, tallied by kind and priority. Larger groups are merged from these when read. */
export class JobRollUp {
  readonly #kinds = new Map<string, Map<Priority, JobTally>>();

  add(outcome: OutcomeRow): void {
    const ofKind = this.#kinds.get(outcome.kind) ?? new Map<Priority, JobTally>();
    this.#kinds.set(outcome.kind, ofKind);
    const tally = ofKind.get(outcome.priority) ?? new JobTally();
    ofKind.set(outcome.priority, tally);
    tally.add(outcome);
  }

  /** All numbers, or those of `measures` only. The same outcomes in any order give the same object. */
  numbers(measures: readonly JobMeasure[] = JOB_MEASURES): JsonObject {
    const hidden = fieldsWithout(measures);
    const shown = (tally: JobTally): JsonObject => without(tally.cell(), hidden);
    const kinds = [...this.#kinds].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      total: shown(merged(kinds.flatMap(([, ofKind]) => [...ofKind.values()]))),
      by_kind: kinds.map(([kind, ofKind]) => ({
        kind,
        ...shown(merged([...ofKind.values()])),
        by_priority: PRIORITY_ORDER.flatMap((priority) => {
          const tally = ofKind.get(priority);
          return tally ? [{ priority, ...shown(tally) }] : [];
        }),
      })),
    };
  }
}

function merged(tallies: readonly JobTally[]): JobTally {
  const whole = new JobTally();
  for (const tally of tallies) whole.merge(tally);
  return whole;
}

const without = (cell: JobCell, hidden: ReadonlySet<string>): JsonObject =>
  Object.fromEntries(Object.entries(cell).filter(([field]) => !hidden.has(field)));
