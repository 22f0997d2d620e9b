/** Six decimals, from sums; `null` when there is nothing to divide by, or when one of the two must not be shown. */
export const rate = (part: number | null | undefined, whole: number | null | undefined): number | null =>
  part === null || part === undefined || !whole ? null : Math.round((part / whole) * 1e6) / 1e6;
