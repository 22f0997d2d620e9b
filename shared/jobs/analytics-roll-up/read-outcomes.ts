import type { OutcomeReader } from '../ports.ts';
import { JobRollUp } from './job-roll-up.ts';
import { hoursOf, isoOf, type TimeWindow } from './time-window.ts';

/** Hours that are read at the same time: hides the latency of an empty month's 744 short queries. */
const HOURS_AT_ONCE = 4;

export interface OutcomesRead {
  readonly rollUp: JobRollUp;
  readonly counted: number;
  readonly duplicates: number;
}

/**
 * Streams a window's outcomes into sums. A job's generation counts once, however often it is read. It ends once, at one
 * moment, so its repetitions lie in the same hour: ids are remembered for the hours being read, not for the window.
 */
export async function readOutcomes(outcomes: OutcomeReader, window: TimeWindow): Promise<OutcomesRead> {
  const rollUp = new JobRollUp();
  const hours = hoursOf(window).values();
  let counted = 0;
  let duplicates = 0;
  const readHour = async (hour: TimeWindow): Promise<void> => {
    const seen = new Set<string>();
    const [start, end] = [isoOf(hour.startMs), isoOf(hour.endMs)];
    for await (const outcome of outcomes.between(start, end)) {
      // The port promises the window; a reader that works by whole hours would otherwise count neighbours twice.
      if (outcome.endedAt < start || outcome.endedAt >= end) continue;
      const id = `${outcome.jobId}#${outcome.generation}`;
      if (seen.has(id)) {
        duplicates += 1;
        continue;
      }
      seen.add(id);
      counted += 1;
      rollUp.add(outcome);
    }
  };
  const lane = async (): Promise<void> => {
    for (const hour of hours) await readHour(hour);
  };
  await Promise.all(Array.from({ length: HOURS_AT_ONCE }, lane));
  return { rollUp, counted, duplicates };
}
