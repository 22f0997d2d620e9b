import {
  type AcceptedRow,
  type BreakGlassRow,
  type DoseRow,
  doseRowOf,
  type EventReader,
  type FillRow,
  fillRowOf,
  hourOf,
  hourOfFill,
  isLate,
  type OccurrenceStateWrite,
  type RecordWrite,
  type RefusalCount,
} from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import type { NewJob, RefusalCounter } from '#shared/operations/ports.ts';

/** The rows that roll-ups read beside outcomes, as the transactions of the stores leave them. */
export class MemoryEvents {
  readonly accepted = new Map<string, AcceptedRow>();
  readonly doses = new Map<string, DoseRow>();
  readonly fills = new Map<string, FillRow>();
  readonly refusals = new Map<string, RefusalCount>();
  readonly breakGlass = new Map<string, BreakGlassRow>();
  /** Hours of late rows by the UTC date of the writing. */
  readonly late = new Map<string, Set<Instant>>();

  putJob({ row, audit }: NewJob): void {
    const { jobId, kind, priority } = row;
    this.accepted.set(jobId, { jobId, kind, priority, acceptedAt: audit.at });
  }

  putWrite(write: RecordWrite, now: Instant): void {
    if (write.type === 'occurrence') this.putDose(write, now);
    const fill = fillRowOf(write, now);
    if (fill) this.putFillRow(fill);
  }

  putDose(write: Omit<OccurrenceStateWrite, 'expect'> & Pick<RecordWrite, 'replaces'>, now: Instant): void {
    const dose = doseRowOf(write, now);
    const before = write.replaces && doseRowOf({ ...write, state: write.replaces }, now);
    if (before && before.dueAt !== dose?.dueAt) {
      this.doses.delete(nameOf(before));
      this.mark(hourOf(before.dueAt), now);
    }
    if (dose) this.putDoseRow(dose);
  }

  putDoseRow(row: DoseRow): void {
    this.doses.set(nameOf(row), structuredClone(row));
    this.mark(hourOf(row.dueAt), row.recordedAt);
  }

  putFillRow(row: FillRow): void {
    this.fills.set(`${row.date}#${row.userRef}#${row.medicationRef}`, structuredClone(row));
    this.mark(hourOfFill(row.date), row.recordedAt);
  }

  addRefusals({ hour, step, code, count }: RefusalCount): void {
    const key = `${hour}#${step}#${code}`;
    const before = this.refusals.get(key)?.count ?? 0;
    this.refusals.set(key, { hour, step, code, count: before + count });
  }

  private mark(hour: Instant, recordedAt: Instant): void {
    if (!isLate(hour, recordedAt)) return;
    const date = recordedAt.slice(0, 10);
    this.late.set(date, (this.late.get(date) ?? new Set()).add(hour));
  }
}

/** As in the real table a row stands under its due time: another one would stand beside it. */
const nameOf = ({ dueAt, occurrenceId, userRef }: DoseRow): string => `${dueAt}#${userRef}#${occurrenceId}`;

export function createInMemoryEvents(events: MemoryEvents): EventReader {
  async function* within<T>(
    rows: ReadonlyMap<string, T>,
    at: (row: T) => string,
    from: string,
    until: string,
  ) {
    for (const row of rows.values()) if (at(row) >= from && at(row) < until) yield structuredClone(row);
  }
  return {
    accepted: (start, end) => within(events.accepted, ({ acceptedAt }) => acceptedAt, start, end),
    doses: (start, end) => within(events.doses, ({ dueAt }) => dueAt, start, end),
    fills: (from, until) => within(events.fills, ({ date }) => date, from, until),
    refusals: (start, end) => within(events.refusals, ({ hour }) => hour, start, end),
    breakGlass: (start, end) => within(events.breakGlass, ({ at }) => at, start, end),
    lateHours: async (date) => [...(events.late.get(date) ?? [])].sort(),
  };
}

export const createInMemoryRefusalCounter = (events: MemoryEvents): RefusalCounter => ({
  add: async (refusals) => events.addRefusals(refusals),
});
