import type { Instant } from '../lifecycle/instant.ts';

/** This month and those before, `YYYY-MM`, the latest first. */
export function monthsBack(now: Instant, count: number): string[] {
  const year = Number(now.slice(0, 4));
  const month = Number(now.slice(5, 7)) - 1;
  return Array.from({ length: count }, (_, back) => {
    const index = year * 12 + month - back;
    return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  });
}
