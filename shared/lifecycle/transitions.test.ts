import { describe, expect, it } from 'vitest';
import {
  allows,
  isTerminal,
  STATUSES,
  type Status,
  TERMINAL_STATUSES,
  TRANSITIONS,
  type TransitionEvent,
} from './transitions.ts';

const EVENTS = Object.keys(TRANSITIONS) as TransitionEvent[]; // The keys of the table are its events.

/** What the specification of the states says, written down a second time. */
const ALLOWED: Record<Status, readonly TransitionEvent[]> = {
  scheduled: ['release', 'cancel', 'expire', 'supersede'],
  queued: ['claim', 'bury', 'cancel', 'expire', 'supersede'],
  running: ['claim', 'succeed', 'retryLater', 'fail', 'bury', 'wait', 'cancel', 'expire', 'supersede'],
  retrying: ['claim', 'bury', 'cancel', 'expire', 'supersede'],
  waiting: ['childrenDone', 'cancel'],
  succeeded: [],
  failed: ['redrive'],
  cancelled: [],
  expired: [],
  superseded: [],
};

describe('transitions', () => {
  it.each(STATUSES)('of a job that is %s', (status) => {
    const allowed = EVENTS.filter((event) => allows(event, status));
    expect(allowed.toSorted()).toEqual([...ALLOWED[status]].toSorted());
  });

  it('lead out of an end only when a person retries what failed', () => {
    const out = TERMINAL_STATUSES.flatMap((status) => EVENTS.filter((event) => allows(event, status)));
    expect(out).toEqual(['redrive']);
  });

  it('reach every status, and from every unfinished one an end', () => {
    const reached = new Set<Status>(['scheduled', 'queued', ...EVENTS.map((event) => TRANSITIONS[event].to)]);
    expect([...reached].toSorted()).toEqual([...STATUSES].toSorted());
    const open = STATUSES.filter((status) => !isTerminal(status));
    expect(open.filter((status) => !endReachable(status))).toEqual([]);
  });

  it('each have an audit action of their own', () => {
    const actions = EVENTS.map((event) => TRANSITIONS[event].audit);
    expect(new Set(actions).size).toBe(EVENTS.length);
    expect(actions.filter((action) => !/^job\.[a-z_]+$/.test(action))).toEqual([]);
  });
});

function endReachable(from: Status, seen: readonly Status[] = []): boolean {
  if (isTerminal(from)) return true;
  if (seen.includes(from)) return false;
  return EVENTS.some((event) => allows(event, from) && endReachable(TRANSITIONS[event].to, [...seen, from]));
}
