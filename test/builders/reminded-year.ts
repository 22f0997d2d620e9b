import { firstDueAt } from '#shared/clinical/index.ts';
import type { JsonObject, RecordWrite } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { type Rule, YEAR_END, YEAR_START } from './expansion-oracle.ts';
import { setReminder } from './reminders.ts';
import { VirtualDeployment } from './virtual-deployment.ts';
import { DAY_MS, dateText, instantOf } from './wall-clock-oracle.ts';

/** A stretch of local days of one zone, as instants: from the first midnight until before the last one. */
export interface Stretch {
  readonly days: readonly number[];
  readonly from: Instant;
  readonly until: Instant;
}

/** Days that follow each other are one stretch. */
export function stretchesOf(days: readonly number[], zone: string): Stretch[] {
  const groups: number[][] = [];
  for (const day of [...new Set(days)].sort((a, b) => a - b)) {
    const last = groups.at(-1);
    if (last?.at(-1) === day - DAY_MS) last.push(day);
    else groups.push([day]);
  }
  const midnight = (day: number): Instant => new Date(instantOf(zone, day)).toISOString();
  return groups.map((group) => ({
    days: group,
    from: midnight(group[0] ?? 0),
    until: midnight((group.at(-1) ?? 0) + DAY_MS),
  }));
}

export const medicationOf = (index: number): string => `m${index}`;

/** The rule as the body of a request says it. */
function scheduleOf(rule: Rule, time_zone: string): JsonObject {
  const { frequency, times, start_date, month_rule } = rule;
  return {
    frequency: rule.by_day ? 'QD' : frequency,
    times,
    time_zone,
    start_date,
    end_date: dateText(YEAR_END - DAY_MS),
    ...(rule.by_day && { weekdays: rule.by_day }),
    ...(month_rule && { month_rule }),
    ...(rule.anchor_local && { anchor: rule.anchor_local }),
  };
}

/**
 * Reminders of one zone, submitted through the operations of the API before the year begins, and deployments that have
 * them at any later time: so that a stretch of days can be played without playing the year before it.
 */
export class RemindedYear {
  readonly #template: VirtualDeployment;

  private constructor(template: VirtualDeployment) {
    this.#template = template;
  }

  static async of(rules: readonly Rule[], zone: string): Promise<RemindedYear> {
    const template = new VirtualDeployment(new Date(YEAR_START - 2 * DAY_MS).toISOString());
    for (const [index, rule] of rules.entries())
      await setReminder(template.engine, {
        medicationId: medicationOf(index),
        schedule: scheduleOf(rule, zone),
      });
    return new RemindedYear(template);
  }

  /** A deployment at that moment; each schedule stands at its first dose from then on, as after a year without faults. */
  async at(start: Instant): Promise<VirtualDeployment> {
    const world = new VirtualDeployment(start);
    world.passesOverIdleMinutes = true;
    const { records, refs } = this.#template.engine;
    const owner = refs.user('user-1');
    const [user] = await records.readMany([{ type: 'user', owner, id: '' }]);
    const writes: RecordWrite[] = user ? [{ ...user, type: 'user', owner, expect: 'absent' }] : [];
    for await (const medication of records.list('medication', owner, ''))
      writes.push({ ...medication, type: 'medication', owner, expect: 'absent' });
    for await (const schedule of records.list('schedule', owner, '')) {
      const nextDueAt = firstDueAt(schedule.body, start, start);
      const state = { ...schedule.state, nextDueAt };
      writes.push({ ...schedule, type: 'schedule', owner, expect: 'absent', state });
    }
    const { db } = world.engine;
    db.applyWrites(writes);
    // The tick has worked through every minute until then.
    for (let shard = 0; shard < db.dueShards; shard += 1) db.watermarks.set(shard, start);
    return world;
  }
}
