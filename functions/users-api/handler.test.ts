import { beforeEach, describe, expect, it } from 'vitest';
import { apiHandler } from '#functions/http/api-handler.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { recordingApiDeps } from '#test/builders/api-deps.ts';
import { apiEvent, lambdaContext } from '#test/builders/api-event.ts';
import { PROBES_HOLD } from '#test/builders/probes.ts';
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
import { usersApi } from './handler.ts';

const refs = createFakeHashes();
const OWNER: Caller = { subject: 'patient-1', roles: ['patient'], careFor: [] };
const owner = refs.user('patient-1');
const id = refs.medication('patient-1', 'med-1');

let db: MemoryDatabase;
beforeEach(() => {
  db = new MemoryDatabase();
  db.applyWrites([
    {
      type: 'medication',
      owner,
      id,
      expect: 'absent',
      state: { status: 'active' },
      body: { userId: 'patient-1', medicationId: 'med-1' },
    },
  ]);
});

async function stop(caller: Caller | undefined, userId: string, medicationId: string, body?: unknown) {
  const { deps, refusals } = recordingApiDeps();
  const serve = usersApi({
    probes: PROBES_HOLD,
    schedules: createInMemorySchedules(db),
    records: createInMemoryRecords(db),
    emergencyGrants: createInMemoryEmergencyGrants(db),
    audit: createInMemoryAudit(db),
    refs,
    random: createCountingRandom(),
    kinds: new Map(),
    queue: new InMemoryQueue(() => '2027-03-01T00:00:00.000Z'),
    metrics: createRecordingMetrics(),
    log: createRecordingLog(),
    verifyToken: async () => (caller ? { ok: true, caller } : { ok: false, fault: 'expired' }),
  });
  const event = apiEvent({
    method: 'DELETE',
    path: '/users/{user_id}/medications/{medication_id}',
    pathParameters: { user_id: userId, medication_id: medicationId },
    ...(body !== undefined && { body }),
  });
  const answer = await apiHandler(deps, serve)(event, lambdaContext());
  return { status: answer.statusCode, body: JSON.parse(answer.body), refusals };
}

const statusNow = async () =>
  (await createInMemoryRecords(db).readMany([{ type: 'medication', owner, id }]))[0]?.state.status;

describe('DELETE /users/{user_id}/medications/{medication_id}', () => {
  it('stops the medication, and is answered alike the second time', async () => {
    const expected = { status: 200, body: { medication_id: 'med-1', status: 'stopped' } };
    expect(await stop(OWNER, 'patient-1', 'med-1')).toMatchObject(expected);
    expect(await statusNow()).toBe('stopped');
    expect(await stop(OWNER, 'patient-1', 'med-1')).toMatchObject(expected);
  });

  it('needs a token', async () => {
    expect(await stop(undefined, 'patient-1', 'med-1')).toMatchObject({ status: 401 });
    expect(await statusNow()).toBe('active');
  });

  it('is refused for another user, and the refusal names whose data it was about', async () => {
    const { status, refusals } = await stop({ ...OWNER, subject: 'patient-2' }, 'patient-1', 'med-1');
    expect(status).toBe(403);
    expect(refusals).toMatchObject([
      { code: 'forbidden', exchange: { userId: 'patient-1', step: 'authorize' } },
    ]);
    expect(await statusNow()).toBe('active');
  });

  it('answers an unknown medication with 404', async () => {
    expect(await stop(OWNER, 'patient-1', 'med-2')).toMatchObject({
      status: 404,
      body: { code: 'medication_not_found' },
    });
  });

  it.each([
    ['patient 1', 'med-1', '/user_id'],
    ['patient-1', 'x'.repeat(65), '/medication_id'],
    ['patient-1', '', '/medication_id'],
  ])('refuses the ids %j and %j', async (userId, medicationId, pointer) => {
    expect(await stop(OWNER, userId, medicationId)).toMatchObject({
      status: 400,
      body: { problems: [{ pointer, code: 'wrong_format' }] },
    });
  });

  it('takes no body', async () => {
    expect(await stop(OWNER, 'patient-1', 'med-1', { reason: 'x' })).toMatchObject({ status: 400 });
    expect(await statusNow()).toBe('active');
  });
});
