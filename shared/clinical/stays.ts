import type { Schedule, Stay } from './schedule.ts';

/** What matters of a stay for doses of which nobody asks any more is too little to keep more of them. */
const MOST_STAYS = 12;

/** A part of a schedule's time in which one zone holds. */
export interface Stretch {
  /** Without stays. */
  readonly schedule: Schedule;
  /** Its first instant; absent: from the beginning. */
  readonly since?: string;
  /** The first instant that is not its own; absent: it does not end. */
  readonly until?: string;
}

/** The stretches of a schedule, in order of time. A schedule without stays is one of them. */
export function stretchesOf(schedule: Schedule): readonly Stretch[] {
  const { stays = [], ...home } = schedule;
  const zones: readonly Partial<Stay>[] = [{}, ...stays];
  return zones.map(({ since, timeZone }, index) => {
    const until = stays[index]?.since;
    return {
      schedule: timeZone === undefined ? home : { ...home, timeZone },
      ...(since !== undefined && { since }),
      ...(until !== undefined && { until }),
    };
  });
}

/** The schedule as it is read at that instant, as if its zone then held always: for what lies ahead of it. */
export function readAt<S extends Schedule>(schedule: S, instant: string): S {
  const ms = Date.parse(instant);
  const stay = schedule.stays?.findLast(({ since }) => Date.parse(since) <= ms);
  return { ...schedule, timeZone: stay?.timeZone ?? schedule.timeZone, stays: [] };
}

/** The zone in which a schedule is read from now on. */
export const presentZone = ({ stays, timeZone }: Pick<Schedule, 'stays' | 'timeZone'>): string =>
  stays?.at(-1)?.timeZone ?? timeZone;

/** The zones of a schedule after one more change. The oldest stays are forgotten: their doses are long counted. */
export function withStay(
  { stays = [], timeZone }: Pick<Schedule, 'stays' | 'timeZone'>,
  stay: Stay,
): Required<Pick<Schedule, 'stays' | 'timeZone'>> {
  const all = [...stays.filter(({ since }) => since < stay.since), stay];
  const forgotten = all.slice(0, -MOST_STAYS).at(-1);
  return { timeZone: forgotten?.timeZone ?? timeZone, stays: all.slice(-MOST_STAYS) };
}
