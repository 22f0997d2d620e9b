import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { PRIORITY_NAMES, type Priority } from '#shared/lifecycle/priority.ts';
import { NONE_PAUSED, type PauseState, settled } from '#shared/lifecycle/priority-pause.ts';
import { isTerminal, type Status } from '#shared/lifecycle/transitions.ts';
import { madeWithin, matches } from '#shared/operations/job-filter.ts';
import type { OpenJobs, PastDoses, PriorityPauses, WorkerIntake } from '#shared/operations/pause-ports.ts';
import type { WatchClass } from '#shared/operations/ports.ts';
import { MemoryDatabase } from './memory-database.ts';

/** What was decided about the priorities; entries go where the database keeps all others. */
export function createInMemoryPauses(db: MemoryDatabase = new MemoryDatabase()): PriorityPauses {
  const states = new Map<Priority, PauseState>();
  const stateOf = (priority: Priority) => states.get(priority) ?? NONE_PAUSED[priority];
  const replace = (priority: Priority, before: PauseState, after: PauseState): boolean => {
    if (stateOf(priority).revision !== before.revision) return false;
    states.set(priority, after);
    return true;
  };
  return {
    read: async () => ({
      ...NONE_PAUSED,
      ...Object.fromEntries(PRIORITY_NAMES.map((priority) => [priority, stateOf(priority)])),
    }),
    change: async (priority, before, after, audit) => {
      const changed = replace(priority, before, after);
      if (changed) db.putAudit(audit);
      return changed;
    },
    settle: async (priority, before) => replace(priority, before, settled(before)),
  };
}

/** The intake of four workers, all open at first. It turns at once, or as its mood says. */
export class FakeIntake implements WorkerIntake {
  readonly closed = new Set<Priority>();
  /** Every call, so that a test can tell that there was none. */
  readonly calls: string[] = [];
  mood: 'turns' | 'changing' | 'throws' = 'turns';

  async turn(priority: Priority, to: 'open' | 'closed'): Promise<boolean> {
    this.calls.push(`turn ${priority} ${to}`);
    if (this.mood === 'throws') throw new Error('Lambda cannot be reached.');
    if (this.mood === 'changing') return false;
    if (to === 'closed') this.closed.add(priority);
    else this.closed.delete(priority);
    return true;
  }

  async state(priority: Priority): Promise<'open' | 'closed' | 'changing'> {
    this.calls.push(`state ${priority}`);
    if (this.mood === 'throws') throw new Error('Lambda cannot be reached.');
    if (this.mood === 'changing') return 'changing';
    return this.closed.has(priority) ? 'closed' : 'open';
  }
}

export function createInMemoryOpenJobs(db: MemoryDatabase = new MemoryDatabase()): OpenJobs {
  return {
    count: async ({ priority, watches, ...filter }, limit) => {
      const found = [...db.rows.values()].filter(
        (row) =>
          row.priority === priority &&
          matches(filter, row) &&
          madeWithin(filter, row) &&
          watches.some((watch) => belongsTo(row, watch)),
      );
      return { count: Math.min(found.length, limit), more: found.length > limit };
    },
  };
}

const OWN_CLASS: readonly Status[] = ['scheduled', 'waiting', 'failed'];

const belongsTo = ({ status }: JobRow, watch: WatchClass): boolean =>
  watch === 'open' ? !isTerminal(status) && !OWN_CLASS.includes(status) : status === watch;

export function createInMemoryPastDoses(db: MemoryDatabase = new MemoryDatabase()): PastDoses {
  return {
    count: async (from, until) =>
      [...db.events.doses.values()].filter(({ dueAt }) => dueAt >= from && dueAt < until).length,
  };
}
