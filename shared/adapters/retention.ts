import { RETENTION_DAYS } from '../contract/tables.ts';
import { type Instant, msOf } from '../lifecycle/instant.ts';

const DAY_SECONDS = 86_400;

/** Epoch seconds at which an item's time is over: the value of its TTL attribute. */
export const ttlAfter = (instant: Instant, days: number): number =>
  Math.floor(msOf(instant) / 1000) + days * DAY_SECONDS;

export const jobTtl = (endedAt: Instant): number => ttlAfter(endedAt, RETENTION_DAYS.jobs);

/** DynamoDB deletes late, so whoever reads asks this. */
export const isOver = (ttl: number | undefined, now: Instant): boolean =>
  ttl !== undefined && ttl <= msOf(now) / 1000;
