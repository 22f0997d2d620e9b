import type { RouteName } from '#shared/contract/routes.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { type Members, PUBLIC_HEALTH } from '#shared/evidence/response-members.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import { type AccessBench, PATIENT_ID } from './access-bench.ts';
import type { ApiEventOptions } from './api-event.ts';
import { deliverAll } from './test-engine.ts';

/** One right request of a route. */
export interface Sample {
  /** Beside 200. */
  readonly status?: number;
  readonly about: 'patient' | 'nobody';
  /** Members that are not in every answer and are in this one, by path. */
  readonly with?: readonly string[];
  /** The same for callers whose claim names the patient. */
  readonly withClaim?: readonly string[];
  /** What makes the request right, and the request. `maker`: who makes what it is about; nobody whom a test asks, if absent. */
  readonly prepare: (bench: AccessBench, maker?: Caller) => ApiEventOptions | Promise<ApiEventOptions>;
  /** How the route answers who may not, if not as forbidden. */
  readonly refused?: { readonly status: number; readonly shows?: Members; readonly code?: string };
  /** The same for whose role may, but not with this patient. */
  readonly foreign?: { readonly status: number; readonly code: string };
  /** Roles that may, and to whom what this request is about is foreign all the same. */
  readonly foreignTo?: readonly Role[];
}

const MEDICATION = 'm1';
const ofUser = { user_id: PATIENT_ID };
const ofMedication = { ...ofUser, medication_id: MEDICATION };

async function medication(bench: AccessBench): Promise<void> {
  const body = { name: 'lisinopril', dose_units: 1 };
  await bench.call('putMedication', { pathParameters: ofMedication, body });
}

/** A dose of this hour that was told, with what a channel and a person have said about it. */
function reminder({ engine }: AccessBench): ApiEventOptions['pathParameters'] {
  const id = `2027-03-01_0730_${engine.refs.medication(PATIENT_ID, MEDICATION)}`;
  const dueAt = '2027-03-01T12:30:00.000Z';
  const expiresAt = '2027-03-01T18:30:00.000Z';
  engine.db.applyWrites([
    {
      type: 'occurrence',
      owner: engine.refs.user(PATIENT_ID),
      id,
      expect: 'any',
      state: { status: 'published', dueAt, expiresAt, scheduleRevision: 1, reason: null },
      body: {
        userId: PATIENT_ID,
        medicationId: MEDICATION,
        localTime: '2027-03-01T07:30:00-05:00',
        timeZone: 'America/New_York',
        slots: ['07:30'],
      },
    },
  ]);
  return { ...ofUser, reminder_id: id };
}

const importLine = () =>
  JSON.stringify({ ...ofMedication, schedule: { frequency: 'QD', times: ['08:00'], time_zone: 'UTC' } });

const submitImport = (): ApiEventOptions => ({
  rawBody: importLine(),
  headers: { 'Content-Type': 'application/x-ndjson' },
});

/** A check of interacting medications that has ended. */
async function checked(bench: AccessBench): Promise<string> {
  const kind = bench.engine.kinds.get('interaction-check');
  if (!kind) throw new Error('There is no interaction-check.');
  const body = { user_id: PATIENT_ID, medications: ['Zocor 40 mg', 'clarithromycin'] };
  const { body: answer } = await bench.submit(kind, body);
  await deliverAll(bench.engine);
  bench.engine.time.advance(1);
  return answer.job_id;
}

const EMERGENCY = { user_id: PATIENT_ID, reason_code: 'unresponsive_patient', reason: 'Found unconscious.' };

/** A grant that somebody else has opened. */
async function emergency(bench: AccessBench): Promise<{ grant_id: string }> {
  const holder = { subject: 'dr-1', roles: ['clinician'], careFor: [] } as const;
  const { body } = await bench.call('openBreakGlass', { body: EMERGENCY }, holder);
  return { grant_id: body.grant_id };
}

const BULK = { action: 'retry', filter: { kind: 'refill-check' }, dry_run: false };
const BULK_WITH = [
  'bulk_action_id',
  'status',
  'rate_per_second',
  'created_at',
  'updated_at',
  'by',
  'progress',
  'links',
];

/** A bulk action that somebody else has started. */
async function bulkAction(bench: AccessBench): Promise<{ bulk_action_id: string }> {
  const operator = { subject: 'operator-1', roles: ['operator'], careFor: [] } as const;
  const { body } = await bench.call('startBulkAction', { body: BULK }, operator);
  return { bulk_action_id: body.bulk_action_id };
}

const RULE = 'label-simvastatin-contraindicated';

/**
 * A right request of each route beside those to jobs, which are made of the kinds. A route of which none stands here
 * fails the contract test.
 */
export const SAMPLES: { readonly [R in RouteName]?: Sample } = {
  releaseFindings: {
    about: 'patient',
    prepare: async (bench) => ({
      pathParameters: { job_id: await checked(bench) },
      body: { findings: 'all' },
    }),
    refused: { status: 404, code: 'not_found' },
    foreign: { status: 404, code: 'not_found' },
  },
  findInteractionResults: {
    about: 'nobody',
    with: ['results.rules', 'results.data_set', 'results.user_ref', 'results.outcome', 'results.level'],
    // Where the caller would be let in to the job.
    withClaim: ['results.links'],
    prepare: async (bench) => {
      await checked(bench);
      return { query: { rule: [RULE] } };
    },
  },
  recheckInteractions: { about: 'nobody', status: 202, prepare: () => ({ body: { rule: RULE } }) },
  listReminders: {
    about: 'patient',
    with: ['reminders.expires_at'],
    prepare: (bench) => {
      reminder(bench);
      return { pathParameters: ofUser };
    },
  },
  acknowledgeReminder: {
    about: 'patient',
    with: ['expires_at', 'acknowledgement'],
    prepare: (bench) => ({ pathParameters: reminder(bench) ?? {}, body: { status: 'taken' } }),
  },
  reportDelivery: {
    about: 'patient',
    with: ['expires_at', 'delivery'],
    prepare: (bench) => ({
      pathParameters: reminder(bench) ?? {},
      body: { status: 'delivered', channel: 'push', at: '2027-03-01T12:31:00Z' },
    }),
  },
  getPreferences: { about: 'patient', prepare: () => ({ pathParameters: ofUser }) },
  putPreferences: {
    about: 'patient',
    prepare: async (bench) => {
      const { body } = await bench.call('getPreferences', { pathParameters: ofUser });
      const headers = { 'If-Match': `"${body.version}"` };
      return { pathParameters: ofUser, headers, body: { follow: 'home', caregivers: body.caregivers } };
    },
  },
  getCareTeam: { about: 'patient', prepare: () => ({ pathParameters: ofUser }) },
  putCareTeam: {
    about: 'patient',
    prepare: async (bench) => {
      const { body } = await bench.call('getCareTeam', { pathParameters: ofUser });
      const headers = { 'If-Match': `"${body.version}"` };
      return { pathParameters: ofUser, headers, body: { care_team: body.care_team } };
    },
  },
  listMedications: {
    about: 'patient',
    with: ['medications.name', 'medications.ingredients', 'medications.dose_units'],
    prepare: async (bench) => {
      await medication(bench);
      return { pathParameters: ofUser };
    },
  },
  putMedication: {
    about: 'patient',
    with: ['name', 'ingredients'],
    prepare: () => ({ pathParameters: ofMedication, body: { name: 'lisinopril' } }),
  },
  stopMedication: {
    about: 'patient',
    prepare: async (bench) => {
      await medication(bench);
      return { pathParameters: ofMedication };
    },
  },
  exportUser: {
    about: 'patient',
    with: [
      'user_id',
      'exported_at',
      'preferences',
      'care_team',
      'medications',
      'schedules',
      'supply_counts',
      'reminders',
      'import_lines',
      'jobs',
    ],
    prepare: async (bench) => {
      await medication(bench);
      return { pathParameters: ofUser };
    },
  },
  listDisclosures: {
    about: 'patient',
    prepare: async (bench) => {
      await medication(bench);
      return { pathParameters: ofUser };
    },
  },
  requestErasure: {
    about: 'patient',
    status: 202,
    with: ['erasure_id', 'requested_at', 'confirm_by'],
    prepare: () => ({ pathParameters: ofUser }),
  },
  getErasure: { about: 'patient', prepare: () => ({ pathParameters: ofUser }) },
  decideErasure: {
    about: 'patient',
    prepare: () => ({ pathParameters: ofUser, body: { decision: 'hold', reason: 'audit' } }),
  },
  revokeErasure: {
    about: 'patient',
    prepare: async (bench) => {
      const admin = { subject: 'admin-1', roles: ['admin'], careFor: [] } as const;
      await bench.call('requestErasure', { pathParameters: ofUser }, admin);
      return { pathParameters: ofUser };
    },
  },
  submitImport: {
    about: 'patient',
    status: 202,
    prepare: submitImport,
    // The role lets it in, and no line of it is in the caller's care.
    foreign: { status: 400, code: 'invalid_input' },
  },
  getImport: {
    about: 'nobody',
    prepare: async (bench, maker) => {
      const { body } = await bench.call('submitImport', submitImport(), maker);
      return { pathParameters: { import_id: body.import_id } };
    },
    foreign: { status: 404, code: 'not_found' },
  },
  getJobAudit: {
    about: 'nobody',
    with: ['entries'],
    prepare: async (bench) => ({ pathParameters: { job_id: await checked(bench) } }),
  },
  getUserAudit: {
    about: 'patient',
    with: ['entries'],
    prepare: async (bench) => {
      await checked(bench);
      return { pathParameters: ofUser };
    },
  },
  getActorAudit: {
    about: 'nobody',
    with: ['entries'],
    prepare: async (bench) => {
      await checked(bench);
      return { query: { actor: [bench.engine.refs.actor('prepares')] } };
    },
  },
  searchAudit: {
    about: 'nobody',
    with: ['entries'],
    prepare: async (bench) => {
      await checked(bench);
      return { body: { actor_id: 'prepares' } };
    },
  },
  openBreakGlass: { about: 'patient', status: 201, prepare: () => ({ body: EMERGENCY }) },
  listBreakGlass: {
    about: 'nobody',
    prepare: async (bench) => {
      await emergency(bench);
      return {};
    },
  },
  getBreakGlass: {
    about: 'nobody',
    with: ['user_id', 'holder', 'reason'],
    prepare: async (bench) => ({ pathParameters: await emergency(bench) }),
  },
  reviewBreakGlass: {
    about: 'nobody',
    with: ['review'],
    prepare: async (bench) => ({
      pathParameters: await emergency(bench),
      body: { verdict: 'justified', note: 'Known to the team.' },
    }),
  },
  revokeBreakGlass: {
    about: 'nobody',
    with: ['ended_at'],
    prepare: async (bench) => ({ pathParameters: await emergency(bench) }),
    // It was opened by somebody else; admins end anybody's.
    foreign: { status: 404, code: 'not_found' },
    foreignTo: ['clinician', 'pharmacist'],
  },
  searchJobs: {
    about: 'patient',
    with: ['jobs'],
    prepare: async (bench) => {
      await checked(bench);
      return { body: { user_id: PATIENT_ID } };
    },
  },
  startBulkAction: { about: 'nobody', status: 202, with: BULK_WITH, prepare: () => ({ body: BULK }) },
  getBulkAction: {
    about: 'nobody',
    with: BULK_WITH,
    prepare: async (bench) => ({ pathParameters: await bulkAction(bench) }),
  },
  abortBulkAction: {
    about: 'nobody',
    with: [...BULK_WITH, 'ended_at'],
    prepare: async (bench) => ({ pathParameters: await bulkAction(bench) }),
  },
  listPriorities: {
    about: 'nobody',
    with: ['priorities.deliveries_that_may_expire', 'priorities.doses_due'],
    prepare: () => ({}),
  },
  pausePriority: {
    about: 'nobody',
    with: ['since', 'by'],
    prepare: () => ({ pathParameters: { priority: 'LOW' } }),
  },
  resumePriority: { about: 'nobody', prepare: () => ({ pathParameters: { priority: 'LOW' } }) },
  health: {
    about: 'nobody',
    with: ['paused_priorities'],
    prepare: () => ({ headers: { Authorization: 'Bearer x' } }),
    refused: { status: 200, shows: PUBLIC_HEALTH },
  },
};
