/** Seconds with one decimal, right-aligned for a column: `   1.4 s`. */
export const secondsText = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(5)} s`;
