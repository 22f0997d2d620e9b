import { analyticsRollUp } from '#shared/jobs/analytics-roll-up/index.ts';
import type { DoseRow, EventReader, JsonObject, OutcomeRow, World } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { KindBench } from './kind-bench.ts';

/** A roll-up as its job ends, with its metrics at hand. */
export interface RolledUp {
  readonly result: JsonObject;
  readonly summary: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests walk through results of any shape
  readonly metrics: Readonly<Record<string, any>>;
}

const HOUR_MS = 3_600_000;

/** A bench for roll-ups: rows are put in, bodies go through rules and process of the real kind, and are committed. */
export class RollUpBench extends KindBench {
  /** What was asked of the readers of rows, with its bounds. */
  readonly reads: string[] = [];
  /** What stands in the way of writing an intent; nothing, unless a test sets it. */
  failIntent: ((id: string) => void) | undefined;

  /** @throws Error with the codes of the problems when the rules refuse it */
  async run(body: JsonObject): Promise<RolledUp> {
    const opened = analyticsRollUp.open(body);
    const ruling = opened.rules({ now: this.now, records: [], ...this.settings });
    if (!ruling.ok) throw new Error(JSON.stringify(ruling));
    const job = this.job(ruling.payload);
    const done = await analyticsRollUp.open(ruling.payload).process(job, this.countingWorld());
    this.commit(done);
    if (done.end !== 'succeeded') throw new Error(`It ended ${done.end}.`);
    return {
      result: done.result,
      summary: done.summary,
      metrics: done.result['metrics'] as RolledUp['metrics'],
    };
  }

  /** Revisions of the stored records whose id begins so. */
  revisions(prefix: string): Record<string, number> {
    return Object.fromEntries(
      this.all('rollup')
        .filter(({ id }) => id.startsWith(prefix))
        .map(({ id, state }) => [id, state.revision]),
    );
  }

  endJob(set: Partial<OutcomeRow> = {}): void {
    const jobId = set.jobId ?? `job-${this.db.outcomes.size}`;
    const row: OutcomeRow = {
      jobId,
      generation: 1,
      kind: 'refill-check',
      priority: 'MEDIUM',
      status: 'succeeded',
      createdAt: '2026-03-01T10:00:00.000Z',
      dueAt: '2026-03-01T10:00:00.000Z',
      endedAt: '2026-03-01T10:00:01.000Z',
      executionMs: 10,
      queueWaitMs: 5,
      attempts: 1,
      ...set,
    };
    this.db.outcomes.set(`${jobId}#${row.generation}`, row);
  }

  /** A dose that was told at its time and taken five minutes later, unless `set` says otherwise. */
  dose(userId: string, dueAt: Instant, set: Partial<DoseRow> = {}): void {
    const later = (minutes: number) => new Date(Date.parse(dueAt) + minutes * 60_000).toISOString();
    const row: DoseRow = {
      occurrenceId: `dose-${dueAt}`,
      userRef: this.refs.user(userId),
      dueAt,
      status: 'taken',
      reason: null,
      expiresAt: new Date(Date.parse(dueAt) + 12 * HOUR_MS).toISOString(),
      told: { at: dueAt, late: false },
      answeredAt: later(5),
      recordedAt: later(5),
      ...set,
    };
    this.db.events.putDoseRow(row);
  }

  /** A dispensing. */
  fill(userId: string, medicationId: string, date: string, daysSupply: number): void {
    const [userRef, medicationRef] = [this.refs.user(userId), this.refs.medication(userId, medicationId)];
    this.db.events.putFillRow({
      userRef,
      medicationRef,
      date,
      daysSupply,
      recordedAt: `${date}T15:00:00.000Z`,
    });
  }

  private countingWorld(): World {
    const world = this.world();
    const read = <Row>(name: string, reader: (start: string, end: string) => AsyncIterable<Row>) => {
      const { reads } = this;
      return async function* (start: string, end: string) {
        reads.push(`${name} ${start} ${end}`);
        for await (const row of reader(start, end)) {
          reads.push(`${name} row`);
          yield row;
        }
      };
    };
    const { events, outcomes, records } = world;
    const counted: EventReader = {
      accepted: read('accepted', events.accepted),
      doses: read('doses', events.doses),
      fills: read('fills', events.fills),
      refusals: read('refusals', events.refusals),
      breakGlass: read('break_glass', events.breakGlass),
      lateHours: (date) => {
        this.reads.push(`late ${date}`);
        return events.lateHours(date);
      },
    };
    return {
      ...world,
      events: counted,
      outcomes: { between: read('outcomes', outcomes.between) },
      records: {
        ...records,
        readMany: (keys) => {
          this.reads.push(`records ${keys.length}`);
          return records.readMany(keys);
        },
      },
      recordIntent: async (writes) => {
        for (const { id } of writes) this.failIntent?.(id);
        await world.recordIntent(writes);
      },
    };
  }
}
