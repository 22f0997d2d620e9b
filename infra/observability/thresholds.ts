/** The specification's `alerts.error_threshold`: the share of requests or attempts that may fail. */
export const ERROR_THRESHOLD = 0.01;
/** The specification's `alerts.latency_threshold`, in milliseconds. */
export const LATENCY_THRESHOLD_MS = 1_000;

/** A rate or percentile of fewer samples says little. */
export const ENOUGH_SAMPLES = 20;
/** With too few samples for a rate, this many errors in one period are a failure all the same. */
export const ERRORS_OF_FEW = 3;

/** Whether an alarm speaks once or has to hold. */
export interface Pace {
  readonly periodMinutes: number;
  readonly datapoints: number;
  readonly periods: number;
}

/** For what is used all day: 3 of 5 periods, so that one bad moment wakes nobody. */
export const STEADY: Pace = { periodMinutes: 5, datapoints: 3, periods: 5 };
/** For what must not happen even once. */
export const AT_ONCE: Pace = { periodMinutes: 5, datapoints: 1, periods: 1 };
/** For what happens each minute: 3 of 5 minutes. */
export const EACH_MINUTE: Pace = { periodMinutes: 1, datapoints: 3, periods: 5 };
/** For work that runs a few times a day: each run counts. */
export const EACH_RUN: Pace = { periodMinutes: 60, datapoints: 1, periods: 1 };

/** The shape of an alarm on what must not happen even once. */
export const NEVER = { threshold: 0, pace: AT_ONCE } as const;
/** The shape of an alarm on a sign of life that comes each minute: silence is the failure. */
export const SIGN_OF_LIFE = { below: true, silenceBreaches: true, pace: EACH_MINUTE } as const;
