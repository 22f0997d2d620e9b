import type { JsonObject } from '#shared/jobs/ports.ts';
import { JOB_KINDS } from '#shared/jobs/registry.ts';
import { addSeconds, type Instant } from '#shared/lifecycle/instant.ts';
import type { JobRow } from '#shared/lifecycle/job-row.ts';
import { confirmErasure } from '#shared/operations/confirm-erasure.ts';
import { eraseDue } from '#shared/operations/erase-due.ts';
import { putCareTeam } from '#shared/operations/put-care-team.ts';
import { putPreferences } from '#shared/operations/put-preferences.ts';
import { requestErasure } from '#shared/operations/request-erasure.ts';
import {
  callerAs,
  createTestEngine,
  deliverAll,
  planFor,
  requestAt,
  rowOf,
  submitted,
  type TestEngine,
} from './test-engine.ts';

export const USER = 'user-1';
export const FIRST_ADMIN = callerAs('admin', 'admin-1');
export const SECOND_ADMIN = callerAs('admin', 'admin-2');
export const PATIENT = callerAs('patient', USER);

const DAY = 86_400;

/** A deployment with one user of whom everything is known that can be, and another one beside. */
export class RightsBench {
  readonly engine: TestEngine;
  readonly owner: string;
  readonly kinds = new Map(JOB_KINDS.map((kind) => [kind.name, kind]));

  constructor(engine = createTestEngine(JOB_KINDS)) {
    this.engine = engine;
    this.owner = engine.refs.user(USER);
  }

  /** A job of that kind that has run. */
  async ran(name: string, payload: JsonObject): Promise<JobRow> {
    const row = await this.submit(name, payload);
    await deliverAll(this.engine);
    return rowOf(this.engine, row.jobId);
  }

  submit(name: string, payload: JsonObject, runAt?: Instant): Promise<JobRow> {
    const kind = this.kinds.get(name);
    if (!kind) throw new Error(`There is no kind ${name}.`);
    const opened = kind.open(payload);
    return submitted(this.engine, kind, {
      ...planFor(this.engine, kind),
      payload,
      completed: payload,
      opened,
      ...(runAt !== undefined && { runAt }),
    });
  }

  /** Preferences, a medication with its schedule, a check with findings, a job that waits for its time. */
  async fill(userId = USER): Promise<{ readonly check: JobRow; readonly waiting: JobRow }> {
    await this.ran('medication-reminder', {
      user_id: userId,
      medication_id: 'm1',
      schedule: { frequency: 'BID', times: ['08:00', '20:00'], time_zone: 'UTC', start_date: '2026-11-23' },
    });
    const check = await this.ran('interaction-check', {
      user_id: userId,
      medications: ['simvastatin', 'clarithromycin'],
    });
    const later = addSeconds(this.engine.time.now(), 60 * DAY);
    const waiting = await this.submit(
      'refill-check',
      { user_id: userId, medication_id: 'm1', current_supply: 3 },
      later,
    );
    return { check, waiting };
  }

  /** Grants: to a caregiver, and to one of the care team who may not use theirs any more. */
  async trust(userId = USER): Promise<void> {
    const { engine } = this;
    const [caller, request] = [callerAs('patient', userId), requestAt(engine)];
    const terms = { consented_at: engine.time.now() };
    const caregivers = [{ caregiver_id: 'daughter', scope: ['see_supply' as const], ...terms }];
    await putPreferences(engine, caller, { userId }, { caregivers }, request);
    const revoked = { revoked_at: engine.time.now() };
    const team = [{ member_id: 'nurse', scope: ['see_supply' as const], ...terms, ...revoked }];
    await putCareTeam(engine, caller, { userId }, { care_team: team }, request);
  }

  /** Asked for by one admin. */
  request = (userId = USER): Promise<JsonObject> =>
    requestErasure(this.engine, FIRST_ADMIN, { userId }, requestAt(this.engine));

  /** Asked for by one admin and confirmed by another. */
  async schedule(): Promise<JsonObject> {
    const { erasure_id: erasureId } = await this.request();
    const target = { userId: USER, erasureId: String(erasureId) };
    return confirmErasure(this.engine, SECOND_ADMIN, target, requestAt(this.engine));
  }

  days = (days: number): void => this.engine.time.advance(days * DAY);

  /** Runs of the erasure, a quarter of an hour apart, until nobody waits. */
  async erase(): Promise<void> {
    for (let runs = 0; runs < 5; runs += 1) {
      await eraseDue(this.engine);
      this.engine.time.advance(900);
    }
  }

  /** Everything that stands of a user and could be opened or tells more than that there was one. */
  standing(owner = this.owner) {
    const { db } = this.engine;
    return {
      records: [...db.records].flatMap(([key, { type }]) =>
        key.startsWith(`${owner}/`) && type !== 'erased' ? [key] : [],
      ),
      due: [...db.buckets.values()].flat().filter((entry) => entry.owner === owner).length,
      grantees: [...db.grantees].filter((key) => key.endsWith(`/${owner}`)).length,
      recalls: db.recalls.filter(({ userRef }) => userRef === owner).length,
      waits: [...db.erasures.values()].filter((entry) => entry.owner === owner).length,
      open: [...db.rows.values()].filter(
        (row) => row.userRef === owner && db.watched.has(row.jobId) && row.status !== 'failed',
      ).length,
      secret: db.erased.has(owner) ? 'destroyed' : db.closed.has(owner) ? 'closed' : 'open',
    };
  }

  actions = (prefix: string): string[] =>
    [...this.engine.db.audit.values()].map(({ action }) => action).filter((name) => name.startsWith(prefix));
}
