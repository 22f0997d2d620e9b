import { createHash } from 'node:crypto';
import { BUILT_IN } from '#shared/clinical/reference/reference.ts';
import { METRICS } from '#shared/contract/metrics.ts';
import { redactedFields } from '#shared/evidence/log-redaction.ts';
import type {
  AccessMessage,
  ErasureMessage,
  Publisher,
  ReferenceSource,
  ReminderMessage,
  SupplyMessage,
} from '#shared/jobs/ports.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { derivedJobId } from '#shared/operations/derived-job-id.ts';
import type {
  ChannelState,
  KeyedHashes,
  KeyStates,
  Log,
  LogFields,
  MetricSink,
  RandomSource,
} from '#shared/operations/ports.ts';

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
    token: (tokenId) => hash('token', tokenId),
    idempotencyKey: (subject, route, name) => hash('idempotency', subject, route, name),
    recall: (by, name) => hash('recall', by, name),
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
    hex: (bytes) => createHash('shake256', { outputLength: bytes }).update(next()).digest('hex'),
  };
}

export interface Recorded<T> {
  readonly all: T[];
}

export interface RecordedMetric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly kind?: string;
  readonly priority?: string;
}

/** Remembers what was counted. */
export function createRecordingMetrics(): MetricSink & Recorded<RecordedMetric> {
  const all: RecordedMetric[] = [];
  return {
    all,
    add: (...given) => {
      const [name, value, unit, { kind, priority } = {}] = Number.isFinite(given[1])
        ? given
        : ([METRICS.runFailures, 1, 'Count'] as const);
      all.push({
        name,
        value,
        unit,
        ...(kind !== undefined && { kind }),
        ...(priority !== undefined && { priority }),
      });
    },
  };
}

export interface LoggedLine {
  readonly level: string;
  readonly event: string;
  readonly fields: LogFields;
}

/** Remembers what was logged, without what a real log would drop. */
export function createRecordingLog(): Log & Recorded<LoggedLine> {
  const all: LoggedLine[] = [];
  const line =
    (level: string) =>
    (event: string, fields: LogFields = {}) => {
      all.push({ level, event, fields: redactedFields(fields) });
    };
  return { all, info: line('info'), warn: line('warn'), error: line('error') };
}

/** A topic as it is: it takes everything twice if asked twice. */
export function createRecordingPublisher(): Publisher &
  Recorded<ReminderMessage> & {
    readonly supply: SupplyMessage[];
    readonly access: AccessMessage[];
    readonly erasures: ErasureMessage[];
  } {
  const all: ReminderMessage[] = [];
  const supply: SupplyMessage[] = [];
  const access: AccessMessage[] = [];
  const erasures: ErasureMessage[] = [];
  return {
    all,
    supply,
    access,
    erasures,
    publishAccess: async (message) => {
      access.push(message);
    },
    publishErasure: async (message) => {
      erasures.push(message);
    },
    publishSupply: async (message) => {
      supply.push(message);
    },
    publishReminder: async (message) => {
      all.push(message);
    },
  };
}

/** As many subscribers as a test says; `undefined`: there is no topic. */
export function createFakeChannels(count?: number): ChannelState & { count: number | undefined } {
  const channels = {
    count,
    confirmedSubscriptions: async () => {
      if (channels.count === undefined) throw new Error('There is no such topic.');
      return channels.count;
    },
  };
  return channels;
}

/** Keys in the states that a test says; with none at all it is as if KMS could not be asked. */
export function createFakeKeyStates(
  names: readonly string[] = ['data', 'fields', 'logs', 'seal', 'backup', 'alarms'],
): KeyStates & { readonly states: Map<string, string> } {
  const states = new Map(names.map((name) => [name, 'Enabled']));
  return {
    states,
    unusable: async () => {
      if (states.size === 0) throw new Error('KMS cannot be asked.');
      return [...states].flatMap(([name, state]) => (state === 'Enabled' ? [] : [{ name, state }]));
    },
  };
}

/** A deployment that has imported nothing. */
export const builtInReference: ReferenceSource = { current: async () => BUILT_IN };
