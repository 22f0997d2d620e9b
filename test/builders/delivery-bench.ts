import type {
  MedicationStatus,
  OccurrenceStatus,
  Preferences,
  RecordShapes,
  ScheduleBody,
} from '#shared/jobs/ports.ts';
import { process } from '#shared/jobs/reminder-delivery/process.ts';
import type { ReminderDelivery } from '#shared/jobs/reminder-delivery/schema.ts';
import { KindBench } from './kind-bench.ts';

export const DUE = '2026-03-08T12:00:00.000Z';
export const EXPIRES = '2026-03-08T18:00:00.000Z';

export interface DeliverySetting {
  now?: string;
  status?: OccurrenceStatus;
  reason?: string;
  state?: Partial<RecordShapes['occurrence']['state']>;
  occurrenceRevision?: number;
  scheduleRevision?: number;
  schedule?: 'active' | 'stopped';
  medication?: MedicationStatus;
  name?: string;
  terms?: Partial<ScheduleBody>;
  preferences?: Partial<Preferences>;
  order?: Partial<ReminderDelivery>;
}

/** A caregiver who may be told. */
export const DAUGHTER = {
  caregiverId: 'daughter',
  scopes: ['receive_escalations'],
  consentedAt: '2026-01-01T00:00:00.000Z',
  start: '2026-01-01T00:00:00.000Z',
} as const;

/** One dose at 08:00 in New York, ordered under revision 1, and one message about it: the dose itself unless told. */
export function deliveryBench(of: DeliverySetting = {}) {
  const bench = new KindBench(of.now ?? DUE);
  const owner = bench.refs.user('p1');
  const medicationRef = bench.refs.medication('p1', 'm1');
  const id = `2026-03-08_0800_${medicationRef}`;
  const ids = { userId: 'p1', medicationId: 'm1' };
  const expect = 'absent' as const;
  bench.write(
    {
      type: 'medication',
      owner,
      id: medicationRef,
      expect,
      state: { status: of.medication ?? 'active' },
      body: { ...ids, ...(of.name !== undefined && { name: of.name }) },
    },
    {
      type: 'schedule',
      owner,
      id: medicationRef,
      expect,
      state: {
        status: of.schedule ?? 'active',
        nextDueAt: null,
        acceptedAt: '2026-03-01T00:00:00.000Z',
        revision: of.scheduleRevision ?? 1,
      },
      body: {
        ...ids,
        frequency: 'BID',
        times: ['08:00', '20:00'],
        timeZone: 'America/New_York',
        startDate: '2026-03-01',
        tzdataVersion: 't',
        ...of.terms,
      },
    },
    {
      type: 'occurrence',
      owner,
      id,
      expect,
      state: {
        status: of.status ?? 'scheduled',
        dueAt: DUE,
        expiresAt: EXPIRES,
        scheduleRevision: of.occurrenceRevision ?? 1,
        reason: of.reason ?? null,
        ...of.state,
      },
      body: {
        ...ids,
        localTime: '2026-03-08T08:00:00-04:00',
        timeZone: 'America/New_York',
        slots: ['08:00'],
      },
    },
  );
  if (of.preferences) {
    const defaults = { follow: 'home', channels: [], messageNamesMedication: false, caregivers: [] } as const;
    const preferences = { ...defaults, ...of.preferences };
    bench.write({ type: 'user', owner, id: '', expect, state: {}, body: { userId: 'p1', preferences } });
  }
  const job = (attempt = 1) =>
    bench.job<ReminderDelivery>(
      {
        user_id: 'p1',
        medication_id: 'm1',
        occurrence_id: id,
        schedule_revision: 1,
        due_at: DUE,
        expires_at: EXPIRES,
        ...of.order,
      },
      { attempt },
    );
  return {
    bench,
    id,
    owner,
    medicationRef,
    job,
    /** The dose's state as it stands. */
    dose: () => bench.all('occurrence')[0]?.state,
    /** One attempt, committed. */
    run: async (attempt = 1) => bench.commit(await process(job(attempt), bench.world())),
  };
}
