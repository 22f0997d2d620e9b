import type { Priority } from '../lifecycle/priority.ts';
import type { PauseState } from '../lifecycle/priority-pause.ts';
import type { Engine } from './engine.ts';

/**
 * Brings a priority's workers in line with what was decided about it, should they have missed it, or should a deployment
 * have opened what is paused. One that runs costs nothing: its workers are not looked at.
 */
export async function followPause(
  deps: Pick<Engine, 'pauses' | 'intake' | 'log'>,
  priority: Priority,
  state: PauseState,
): Promise<void> {
  if (state.phase === 'running') return;
  const wanted = state.phase === 'paused' ? 'closed' : 'open';
  const is = await deps.intake.state(priority);
  if (is === wanted) {
    if (state.phase === 'resuming') await deps.pauses.settle(priority, state);
    return;
  }
  // Nothing can be changed while AWS is changing it; the next round looks again.
  if (is === 'changing' || !(await deps.intake.turn(priority, wanted))) return;
  deps.log.warn('reconciler.intake_turned', { priority, status: state.phase });
}
