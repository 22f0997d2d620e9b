import { expect } from 'vitest';
import { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import type { RecordShapes, RecordType, RecordWriteOf, StoredRecord } from '#shared/jobs/ports.ts';
import { kindsByName } from '#shared/jobs/registry.ts';
import type { Instant } from '#shared/lifecycle/instant.ts';
import { createInMemoryEmergencyGrants } from '#test/fakes/in-memory-break-glass.ts';
import { InMemoryQueue } from '#test/fakes/in-memory-queue.ts';
import {
  createInMemoryAudit,
  createInMemoryRecords,
  createInMemorySchedules,
} from '#test/fakes/in-memory-store.ts';
import { MemoryDatabase } from '#test/fakes/memory-database.ts';
import {
  createCountingRandom,
  createFakeHashes,
  createRecordingLog,
  createRecordingMetrics,
} from '#test/fakes/quiet.ts';

export const PATIENT: Caller = { subject: 'p1', roles: ['patient'], careFor: [] };
export const CAREGIVER: Caller = { subject: 'c1', roles: ['caregiver'], careFor: ['p1'] };
export const CLINICIAN: Caller = { subject: 'd1', roles: ['clinician'], careFor: ['p1'] };
export const SERVICE: Caller = { subject: 's1', roles: ['service'], careFor: [] };

export const DUE = '2027-03-01T13:00:00.000Z';
export const EXPIRES = '2027-03-01T19:00:00.000Z';

/** What operations on the records of patient `p1` need, in memory, with what they wrote. */
export class RecordsBench {
  readonly db = new MemoryDatabase();
  readonly refs = createFakeHashes();
  readonly random = createCountingRandom();
  readonly audit = createInMemoryAudit(this.db);
  readonly records = createInMemoryRecords(this.db);
  readonly emergencyGrants = createInMemoryEmergencyGrants(this.db);
  readonly schedules = createInMemorySchedules(this.db);
  readonly kinds = kindsByName();
  /** Its time stands: messages are looked at, never received. */
  readonly queue = new InMemoryQueue(() => DUE);
  readonly metrics = createRecordingMetrics();
  readonly log = createRecordingLog();
  readonly owner = this.refs.user('p1');

  /** A request at that moment. */
  at = (receivedAt: Instant) => ({ correlationId: 'c-1', receivedAt });

  medicationRef = (medicationId = 'm1'): string => this.refs.medication('p1', medicationId);

  write<T extends RecordType>(write: Omit<RecordWriteOf<T>, 'owner' | 'expect'>): void {
    // One of the union's members, for the T that it was written for.
    this.db.applyWrites([{ ...write, owner: this.owner, expect: 'any' } as RecordWriteOf<'user'>]);
  }

  /** One dose of medication `m1`, due at 08:00 in New York. */
  occurrence(
    state: Partial<RecordShapes['occurrence']['state']> = {},
    id = `2027-03-01_0800_${this.medicationRef()}`,
  ): string {
    this.write<'occurrence'>({
      type: 'occurrence',
      id,
      state: {
        status: 'published',
        dueAt: DUE,
        expiresAt: EXPIRES,
        scheduleRevision: 1,
        reason: null,
        ...state,
      },
      body: {
        userId: 'p1',
        medicationId: 'm1',
        localTime: '2027-03-01T08:00:00-05:00',
        timeZone: 'America/New_York',
        slots: ['08:00'],
      },
    });
    return id;
  }

  /** A medication, and unless told otherwise its schedule: 08:00 and 20:00 in New York. */
  medication(
    medicationId = 'm1',
    status: RecordShapes['medication']['state']['status'] = 'active',
    schedule: Partial<RecordShapes['schedule']['state']> | undefined = {},
  ): void {
    const id = this.medicationRef(medicationId);
    const ids = { userId: 'p1', medicationId };
    this.write<'medication'>({ type: 'medication', id, state: { status }, body: ids });
    if (!schedule) return;
    this.write<'schedule'>({
      type: 'schedule',
      id,
      state: {
        status: 'active',
        nextDueAt: '2027-03-02T01:00:00.000Z',
        acceptedAt: '2027-02-01T00:00:00.000Z',
        revision: 1,
        ...schedule,
      },
      body: {
        ...ids,
        frequency: 'BID',
        times: ['08:00', '20:00'],
        timeZone: 'America/New_York',
        startDate: '2027-02-01',
        tzdataVersion: 't',
      },
    });
  }

  async read<T extends RecordType>(type: T, id: string): Promise<StoredRecord<T> | undefined> {
    return (await this.records.readMany([{ type, owner: this.owner, id }]))[0];
  }

  /** The actions of the audit trail with what they say, in order of writing; those of jobs are in their own chains. */
  trail(): { action: string; details: Readonly<Record<string, unknown>> }[] {
    const own = [...this.db.audit.values()].filter(({ jobId }) => jobId === undefined);
    return own.map(({ action, details }) => ({ action, details }));
  }
}

/** The public error that a promise ends with. */
export async function problemOf(work: Promise<unknown>): Promise<ProblemError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return error as ProblemError; // just expected
}
