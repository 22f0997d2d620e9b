import type { UnreadableReason } from '../errors/unreadable.ts';
import type { JsonObject, PassOver, RecordType, Ref, StoredRecord } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Engine } from './engine.ts';
import type { ExportCursor } from './export-cursor.ts';
import { type HeldJob, heldJob } from './held-job.ts';
import { heldRecord } from './held-record.ts';
import { monthsBack } from './months-back.ts';

export type ExportDeps = Pick<
  Engine,
  'store' | 'releases' | 'records' | 'refs' | 'kinds' | 'settings' | 'audit' | 'random'
>;

/** The records of a user by type, in the order of the export, and what each is called there. */
const RECORD_SECTIONS = [
  ['preferences', 'user'],
  ['care_team', 'careTeam'],
  ['medications', 'medication'],
  ['schedules', 'schedule'],
  ['supply_counts', 'snapshot'],
  ['reminders', 'occurrence'],
  ['import_lines', 'import-line'],
] as const satisfies readonly (readonly [string, RecordType])[];

export type ExportedRecord = StoredRecord<(typeof RECORD_SECTIONS)[number][1]>;

export const EXPORT_SECTIONS = [...RECORD_SECTIONS.map(([section]) => section), 'jobs'] as const;

/** One thing that is held, as it stands and as it is shown. */
export type HeldItem =
  | { readonly section: string; readonly record: ExportedRecord; readonly view: JsonObject }
  | { readonly section: 'jobs'; readonly job: HeldJob; readonly view: JsonObject };

/** Things in one place that stand and cannot be read: by no copy, whenever it is asked for. */
export interface LostItems {
  readonly section: string;
  readonly reason: UnreadableReason;
  readonly count: number;
}

/** One thing that is held, or some that are lost; both: a job of which something cannot be read. Then where to go on. */
interface HeldPlace {
  readonly item?: HeldItem;
  readonly lost?: readonly LostItems[];
  readonly at: ExportCursor;
}

/** A job may be scheduled a year ahead, and stands for 90 days after its end. */
const MONTHS_OF_JOBS = 16;
const JOBS_AT_ONCE = 25;
/** Ids hold letters, digits, `_`, `-`, `#`, `:` and `.`: one sign sorts before all of them, one behind. */
const [BEFORE_ANY, BEHIND_ANY] = [' ', '~'];

/** What is held about a user, one by one, from behind `start` on; each with the place at which to go on. What cannot be read hides nothing else. */
export async function* heldItems(
  deps: ExportDeps,
  owner: Ref,
  now: Instant,
  start?: ExportCursor,
): AsyncGenerator<HeldPlace> {
  const first = start?.section ?? 0;
  for (const [index, [section, type]] of RECORD_SECTIONS.entries()) {
    if (index < first) continue;
    const after = index === first ? start?.after : undefined;
    const ids = { from: after === undefined ? '' : `${after}${BEFORE_ANY}`, until: BEHIND_ANY };
    const lost: HeldPlace[] = [];
    const passOver: PassOver = (id, reason) =>
      lost.push({ lost: [{ section, reason, count: 1 }], at: { section: index, after: id } });
    for await (const record of deps.records.range(type, owner, ids, passOver)) {
      yield* lost.splice(0);
      yield {
        item: { section, record, view: heldRecord(record, now) },
        at: { section: index, after: record.id },
      };
    }
    yield* lost;
  }
  yield* heldJobs(deps, owner, now, first < RECORD_SECTIONS.length ? undefined : start);
}

/** The latest first. Jobs that come while somebody pages move none of the others out of sight. */
async function* heldJobs(
  deps: ExportDeps,
  owner: Ref,
  now: Instant,
  start?: ExportCursor,
): AsyncGenerator<HeldPlace> {
  const section = RECORD_SECTIONS.length;
  const first = start?.month ?? 0;
  for (const [month, name] of monthsBack(now, MONTHS_OF_JOBS).entries()) {
    if (month < first) continue;
    let after = month === first ? start?.after : undefined;
    let skip = month === first ? (start?.skip ?? 0) : 0;
    for (let more = true; more; skip = 0) {
      const page = await deps.store.listByUser(owner, name, JOBS_AT_ONCE, after);
      for (const [index, row] of page.rows.entries()) {
        if (index < skip) continue;
        const job = await heldJob(deps, row);
        const at = { section, month, skip: index + 1, ...(after !== undefined && { after }) };
        const lost = job.lost.map((reason) => ({ section: 'jobs', reason, count: 1 }));
        yield { item: { section: 'jobs', job, view: job.view }, ...(lost.length > 0 && { lost }), at };
      }
      after = page.next;
      // Rows that cannot be read have no place of their own: they come behind the others of their page.
      const behind = after === undefined ? { month: month + 1 } : { month, after };
      if (page.unreadable)
        yield {
          lost: [{ section: 'jobs', reason: 'form', count: page.unreadable }],
          at: { section, skip: 0, ...behind },
        };
      more = after !== undefined;
    }
  }
}
