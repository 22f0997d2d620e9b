/** When doses are due, as stored. Times are wall-clock times of `timeZone`; instants are ISO 8601 in UTC. */
export interface Schedule {
  /** Canonical code of a frequency: QD, BID, Q8H, QOD, WK … */
  readonly frequency: string;
  /** `HH:MM`, ascending. Empty only for elapsed intervals. */
  readonly times: readonly string[];
  /** Hours between doses, counted from `anchor` whatever the wall clock does. Only without `times`. */
  readonly intervalHours?: number;
  readonly anchor?: string;
  /** IANA zone. */
  readonly timeZone: string;
  /** Zones of later stays: from each local date on, wall-clock times are read there. Ascending. */
  readonly zoneSegments?: readonly { readonly from: string; readonly timeZone: string }[];
  /**
   * Where the user's clock was from an instant on, ascending: until the first one `timeZone` holds. Unlike a segment a stay
   * begins in the middle of a day, so no dose of the clock before it is counted twice or left out.
   */
  readonly stays?: readonly Stay[];
  /** First local date; days, weeks, months and cycles are counted from it. */
  readonly startDate: string;
  /** Last local date, inclusive. */
  readonly endDate?: string;
  /** ISO numbers of weekdays, 1 is Monday. */
  readonly weekdays?: readonly number[];
  readonly cycle?: { readonly daysOn: number; readonly daysOff: number };
  /** A month without the start date's day: the dose moves to its last day (`clamp`), or there is none (`skip`). */
  readonly monthRule?: 'clamp' | 'skip';
}

/** A zone that holds from an instant on. */
export interface Stay {
  readonly since: string;
  readonly timeZone: string;
}

/** One moment at which doses are due. Two slots that fall on one instant are one occurrence naming both. */
export interface Occurrence {
  /** ISO 8601 in UTC with milliseconds. */
  readonly dueAt: string;
  /** The local date to which the dose belongs. */
  readonly localDate: string;
  /** ISO 8601 of the wall clock at that moment with its offset: `2026-03-08T03:30:00-04:00`. */
  readonly localTime: string;
  readonly timeZone: string;
  /** The scheduled clock times (`02:30`); for elapsed intervals clock time and offset, unique within a date. */
  readonly slots: readonly [string, ...string[]];
  /** Only of clock times in a stay: the offset from UTC. Who flies west lives through a local date twice. */
  readonly offset?: string;
}
