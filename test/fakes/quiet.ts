import { createHash } from 'node:crypto';
import type { Archive, Publisher, ReminderMessage } from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { derivedJobId } from '#shared/operations/derived-job-id.ts';
import type { KeyedHashes, Log, LogFields, MetricSink, RandomSource } from '#shared/operations/ports.ts';

/** Keyed hashes with a fixed key. */
export function createFakeHashes(key = 'test-key'): KeyedHashes {
  const hash = (domain: string, ...parts: string[]) =>
    createHash('sha256')
      .update(JSON.stringify([key, domain, ...parts]))
      .digest('hex')
      .slice(0, 26);
  return {
    user: (userId) => hash('user', userId),
    medication: (userId, medicationId) => hash('medication', userId, medicationId),
    actor: (subject) => hash('actor', subject),
    idempotencyKey: (subject, route, name) => hash('idempotency', subject, route, name),
    fingerprint: (body) => hash('fingerprint', body),
  };
}

/** Ids that follow from a counter: the same test gives the same ids. */
export function createCountingRandom(seed = 'random'): RandomSource {
  let count = 0;
  const next = () => {
    count += 1;
    return `${seed}#${count}`;
  };
  return {
    ulid: (at: Instant) => derivedJobId(at, next()),
    hex: (bytes) =>
      createHash('sha512')
        .update(next())
        .digest('hex')
        .slice(0, bytes * 2),
  };
}

export interface Recorded<T> {
  readonly all: T[];
}

export interface RecordedMetric {
  readonly name: string;
  readonly value: number;
  readonly kind?: string;
  readonly priority?: string;
}

/** Remembers what was counted. */
export function createRecordingMetrics(): MetricSink & Recorded<RecordedMetric> {
  const all: RecordedMetric[] = [];
  return {
    all,
    add: (name, value, _unit, dimensions = {}) => {
      all.push({ name, value, ...dimensions });
    },
  };
}

export interface LoggedLine {
  readonly level: string;
  readonly event: string;
  readonly fields: LogFields;
}

/** Remembers what was logged. */
export function createRecordingLog(): Log & Recorded<LoggedLine> {
  const all: LoggedLine[] = [];
  const line =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      all.push({ level, event, fields });
    };
  return { all, info: line('info'), warn: line('warn'), error: line('error') };
}

/** A topic as it is: it takes everything twice if asked twice. */
export function createRecordingPublisher(): Publisher & Recorded<ReminderMessage> {
  const all: ReminderMessage[] = [];
  return {
    all,
    publishReminder: async (message) => {
      all.push(message);
    },
  };
}

/** An archive over given tables; objects are kept by key. */
export function createInMemoryArchive(
  tables: Readonly<Record<string, readonly string[]>> = {},
): Archive & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    tables: Object.keys(tables),
    async *scan(table, segment, of) {
      const lines = tables[table];
      if (!lines) throw new Error(`There is no table ${table}.`);
      yield lines.filter((_, index) => index % of === segment);
    },
    put: async (key, body, _contentType, sha256Base64) => {
      const checksum = createHash('sha256').update(body).digest('base64');
      if (checksum !== sha256Base64) throw new Error('The body does not fit its checksum.');
      objects.set(key, body);
    },
  };
}
