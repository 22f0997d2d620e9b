import { patientView } from '../../clinical/interactions/index.ts';
import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { outcomeIn } from './recall.ts';
import { releasable, releasedView } from './release.ts';
import { rules } from './rules.ts';
import { type InteractionCheckPayload, schema } from './schema.ts';

/** Checks a list of medications for interactions. What it cannot judge, it says; it never reassures falsely. */
export const interactionCheck = defineJobKind<InteractionCheckPayload>()({
  name: 'interaction-check',
  public: true,
  schema,
  priorities: ['HIGH', 'MEDIUM', 'CRITICAL'],
  defaultPriority: 'HIGH',
  timeBudgetSeconds: 2,
  executionObjective: { ms: 1000, reason: 'the latency threshold of the specification' },
  submitRoles: ['clinician', 'pharmacist', 'service', 'patient', 'caregiver'],
  userIdOf: (payload) => payload.user_id,
  factKeys: () => [],
  rules,
  process,
  uses: ['records.list', 'reference'],
  outcomeIn,
  release: { ids: releasable, view: releasedView },
  patientView: ({ outcome }) => patientView({ outcome: outcome === 'error' ? 'error' : 'incomplete' }),
  example,
});
