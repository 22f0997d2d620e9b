import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type ScheduleUpdate, schema } from './schema.ts';

/** Internal: has the schedules of a user follow a change of zone, or of the zone data. */
export const scheduleUpdate = defineJobKind<ScheduleUpdate>()({
  name: 'schedule-update',
  public: false,
  schema,
  priorities: ['HIGH', 'LOW'],
  defaultPriority: 'HIGH',
  timeBudgetSeconds: 20,
  executionObjective: { ms: 1000, reason: 'The latency threshold of the specification.' },
  submitRoles: [],
  userIdOf: (payload) => payload.user_id,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['records.list', 'records.range'],
  example,
});
