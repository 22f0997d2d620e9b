import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type RestoreDrillPayload, schema } from './schema.ts';

/** Internal: restores the newest backup into the tables of drills, once a month, in steps that are jobs of this kind as well. */
export const restoreDrill = defineJobKind<RestoreDrillPayload>()({
  name: 'restore-drill',
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 290,
  executionObjective: {
    ms: 280_000,
    reason:
      'A step restores for three minutes, and a drill takes as many steps as it needs; nobody waits for it.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['archive', 'drill'],
  example,
});
