const MINUTES_PER_DAY = 1440;

/** The shortest time between two clock times of a day that repeats, in minutes, over midnight too; a day for a single one. */
export function shortestGapMinutes(times: readonly string[]): number {
  const minutes = times.map(minutesOf).toSorted((a, b) => a - b);
  const [first = 0] = minutes;
  const nextOf = (index: number): number => minutes[index + 1] ?? first + MINUTES_PER_DAY;
  return Math.min(MINUTES_PER_DAY, ...minutes.map((minute, index) => nextOf(index) - minute));
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
