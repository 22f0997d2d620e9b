import { describe, expect, test } from 'vitest';
import { decided, NEVER_PAUSED, type PauseState } from '#shared/lifecycle/priority-pause.ts';
import type { PriorityPauses } from '#shared/operations/pause-ports.ts';
import { NOW, sampleEntry, unique } from './sample-jobs.ts';

export interface PausesUnderTest {
  readonly pauses: PriorityPauses;
  /** The actions of the audit entries that were written with this correlation id. */
  readonly audited: (correlationId: string) => Promise<readonly string[]>;
}

const by = () => ({ at: NOW, actorRef: unique('actor') });

/** What every PriorityPauses promises. @param make one in which nothing was ever paused */
export function priorityPausesContract(name: string, make: () => Promise<PausesUnderTest>): void {
  const change = async (
    { pauses }: PausesUnderTest,
    before: PauseState,
    decision: 'pause' | 'resume',
    correlationId = unique('correlation'),
  ) => {
    const after = decided(before, decision, by());
    if (!after) throw new Error(`From ${before.phase} there is no ${decision}.`);
    const entry = sampleEntry({ action: `priority.${decision}d`, correlationId });
    return { after, changed: await pauses.change('HIGH', before, after, entry) };
  };

  describe(`${name}: paused priorities`, () => {
    test('are none at first', async () => {
      const { pauses } = await make();
      expect(await pauses.read()).toEqual({
        CRITICAL: NEVER_PAUSED,
        HIGH: NEVER_PAUSED,
        MEDIUM: NEVER_PAUSED,
        LOW: NEVER_PAUSED,
      });
    });

    test('stand as they were decided, one by one, with their audit entry', async () => {
      const made = await make();
      const correlationId = unique('correlation');
      const { after, changed } = await change(made, NEVER_PAUSED, 'pause', correlationId);
      expect(changed).toBe(true);
      expect(await made.pauses.read()).toMatchObject({ HIGH: after, LOW: NEVER_PAUSED });
      expect(await made.audited(correlationId)).toEqual(['priority.paused']);
      const resumed = await change(made, after, 'resume');
      expect((await made.pauses.read()).HIGH).toEqual(resumed.after);
    });

    test('are decided by one of two who saw the same, and the other one leaves no entry', async () => {
      const made = await make();
      const ids = [unique('correlation'), unique('correlation')];
      const both = await Promise.all(ids.map((id) => change(made, NEVER_PAUSED, 'pause', id)));
      expect(both.map(({ changed }) => changed).sort()).toEqual([false, true]);
      const winner = both.find(({ changed }) => changed);
      expect((await made.pauses.read()).HIGH).toEqual(winner?.after);
      expect((await Promise.all(ids.map(made.audited))).flat()).toHaveLength(1);
    });

    test('are settled once, and only as they were read', async () => {
      const made = await make();
      const paused = await change(made, NEVER_PAUSED, 'pause');
      const { after: resuming } = await change(made, paused.after, 'resume');
      expect(await made.pauses.settle('HIGH', paused.after)).toBe(false);
      expect(await made.pauses.settle('HIGH', resuming)).toBe(true);
      expect(await made.pauses.settle('HIGH', resuming)).toBe(false);
      const settled = { ...resuming, phase: 'running', revision: resuming.revision + 1 };
      expect((await made.pauses.read()).HIGH).toEqual(settled);
    });
  });
}
