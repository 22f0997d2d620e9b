import { defineJobKind } from '../define-job-kind.ts';
import { example } from './example.ts';
import { process } from './process.ts';
import { type InteractionRecheck, schema } from './schema.ts';

/** Internal: has past interaction checks run again, part by part. Made by its own route only. */
export const interactionRecheck = defineJobKind<InteractionRecheck>()({
  name: 'interaction-recheck',
  public: false,
  schema,
  priorities: ['LOW'],
  defaultPriority: 'LOW',
  timeBudgetSeconds: 60,
  executionObjective: {
    ms: 5_000,
    reason: 'A part opens two dozen payloads and results; nobody waits for it.',
  },
  submitRoles: [],
  userIdOf: () => undefined,
  factKeys: () => [],
  rules: (payload) => ({ ok: true, payload }),
  process,
  uses: ['pastChecks'],
  example,
});
