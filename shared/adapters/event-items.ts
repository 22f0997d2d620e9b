import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { RETENTION_DAYS, TTL_ATTRIBUTE } from '../contract/tables.ts';
import {
  type BreakGlassRow,
  type DoseRow,
  doseRowOf,
  type FillRow,
  fillRowOf,
  hourOf,
  hourOfFill,
  isLate,
  type OccurrenceStateWrite,
  type RecordWrite,
  SYSTEM_OWNER,
} from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { NewJob } from '../operations/ports.ts';
import { keyOf } from './batch-get.ts';
import type { FieldCipher } from './field-cipher.ts';
import { eventPartition, eventSort, fillPartition, type ItemKey, latePartition } from './item-keys.ts';
import { EVENT_VERSION, fillPlace } from './parse-events.ts';
import { ttlAfter } from './retention.ts';
import { shardOf } from './stable-hash.ts';

export interface EventItemsOptions {
  /** Deployed name of the jobs table. */
  readonly table: string;
  /** Only needed by functions that make jobs, or write occurrences or dispensings. */
  readonly outcomeShards: number | undefined;
  readonly cipher: FieldCipher;
  readonly now: Instant;
}

/** An item, and the hour whose roll-up it changes. */
interface EventItem {
  readonly key: ItemKey;
  readonly hour: Instant;
  readonly item: TransactWriteItem;
}

/**
 * What the record writes of one transaction tell roll-ups: of each occurrence what has become of it, of medications what
 * was dispensed. Rows overwrite without a condition: that of the record orders them.
 */
export async function eventItems(
  options: EventItemsOptions,
  writes: readonly RecordWrite[],
  closing?: OccurrenceStateWrite,
): Promise<TransactWriteItem[]> {
  const { now } = options;
  const fills = writes.flatMap((write) => fillRowOf(write, now) ?? []);
  const events = [
    ...writes.flatMap((write) => (write.type === 'occurrence' ? doseItems(options, write) : [])),
    ...(closing ? doseItems(options, closing) : []),
    ...(await Promise.all(fills.map((fill) => fillItem(options, fill)))),
  ];
  return [...events.map(({ item }) => item), ...lateItems(options, events)];
}

function doseItems(
  options: EventItemsOptions,
  write: Omit<OccurrenceStateWrite, 'expect'> & Pick<RecordWrite, 'replaces'>,
): EventItem[] {
  const row = doseRowOf(write, options.now);
  const before = write.replaces && doseRowOf({ ...write, state: write.replaces }, options.now);
  // Under another key than the row that follows, or with none to follow, it would stand beside the truth.
  const ended = before && before.dueAt !== row?.dueAt ? [doseItem(options, before, { gone: true })] : [];
  return [...(row ? [doseItem(options, row, membersOf(row))] : []), ...ended];
}

const membersOf = ({ reason, ...row }: DoseRow) => ({ ...row, ...(reason !== null && { reason }) });

function doseItem(
  options: EventItemsOptions,
  { dueAt, occurrenceId, userRef }: { dueAt: Instant; occurrenceId: string; userRef: string },
  members: object,
): EventItem {
  const dose = `${userRef}#${occurrenceId}`;
  const key = {
    pk: eventPartition(dueAt.slice(0, 13), shardOf(dose, shardsOf(options))),
    sk: eventSort('dose', dueAt, dose),
  };
  return { key, hour: hourOf(dueAt), item: put(options.table, key, members, dueAt) };
}

/** Neither whose medication it is nor how long it lasts can be read beside the date: both are sealed, the key is a mark. */
async function fillItem(options: EventItemsOptions, fill: FillRow): Promise<EventItem> {
  const { cipher, table } = options;
  const { date, ...body } = fill;
  const mark = await cipher.mark(SYSTEM_OWNER, `fill|${fill.userRef}|${fill.medicationRef}`);
  const key = { pk: fillPartition(date, shardOf(mark, shardsOf(options))), sk: mark };
  const sealed = await cipher.seal(fillPlace(key), SYSTEM_OWNER, body);
  const hour = hourOfFill(date);
  return { key, hour, item: put(table, key, { body: sealed }, hour) };
}

/**
 * The mark of late rows: one item for a whole transaction, under a key of its own, so that transactions about the same
 * hours are in nobody's way.
 */
function lateItems({ now, table }: EventItemsOptions, events: readonly EventItem[]): TransactWriteItem[] {
  const late = events.filter(({ hour }) => isLate(hour, now));
  const [first] = late;
  if (!first) return [];
  const id = createHash('sha256').update(`${first.key.pk}|${first.key.sk}`).digest('base64url').slice(0, 22);
  const key = { pk: latePartition(now.slice(0, 10)), sk: `${now}#${id}` };
  return [put(table, key, { hours: [...new Set(late.map(({ hour }) => hour))] }, now)];
}

/** The jobs that one transaction accepts, in one item for each instant of acceptance: mostly one in all. */
export function acceptedItems(
  options: Pick<EventItemsOptions, 'table' | 'outcomeShards'>,
  jobs: readonly NewJob[],
): TransactWriteItem[] {
  const instants = [...new Set(jobs.map(({ audit }) => audit.at))];
  return instants.map((at) => {
    const accepted = jobs
      .filter(({ audit }) => audit.at === at)
      .map(({ row: { jobId, kind, priority } }) => ({ jobId, kind, priority }));
    // A job is accepted once, so its id makes the key one of its own.
    const id = accepted[0]?.jobId ?? '';
    const key = {
      pk: eventPartition(at.slice(0, 13), shardOf(id, shardsOf(options))),
      sk: eventSort('accepted', at, id),
    };
    return put(options.table, key, { jobs: accepted }, at);
  });
}

/** One use of emergency access. */
export function breakGlassItem(
  options: Pick<EventItemsOptions, 'table' | 'outcomeShards'>,
  { id, at }: BreakGlassRow,
): TransactWriteItem {
  const pk = eventPartition(at.slice(0, 13), shardOf(id, shardsOf(options)));
  return put(options.table, { pk, sk: eventSort('break_glass', at, id) }, { id, at }, at);
}

function shardsOf({ outcomeShards }: Pick<EventItemsOptions, 'outcomeShards'>): number {
  if (outcomeShards === undefined)
    throw new Error('This function writes events but was not given the number of outcome shards.');
  return outcomeShards;
}

const put = (table: string, key: ItemKey, members: object, at: Instant): TransactWriteItem => ({
  Put: {
    TableName: table,
    Item: {
      ...marshall({ ...members, v: EVENT_VERSION, [TTL_ATTRIBUTE]: ttlAfter(at, RETENTION_DAYS.outcomes) }),
      ...keyOf(key),
    },
  },
});
