import { describe, expect, test } from 'vitest';
import type { WorkerIntake } from '#shared/operations/pause-ports.ts';

/** What every WorkerIntake promises. @param make one of which all are open */
export function workerIntakeContract(name: string, make: () => Promise<WorkerIntake>): void {
  /** AWS takes some seconds for it. */
  const reaches = (intake: WorkerIntake, state: 'open' | 'closed') =>
    expect.poll(() => intake.state('LOW'), { timeout: 60_000, interval: 100 }).toBe(state);

  describe(`${name}: the intake of workers`, () => {
    test('is closed and opened, one priority by itself', async () => {
      const intake = await make();
      await reaches(intake, 'open');
      expect(await intake.turn('LOW', 'closed')).toBe(true);
      await reaches(intake, 'closed');
      expect(await intake.state('HIGH')).toBe('open');
      expect(await intake.turn('LOW', 'open')).toBe(true);
      await reaches(intake, 'open');
    });

    test('may be turned to what it is', async () => {
      const intake = await make();
      await intake.turn('LOW', 'closed');
      await reaches(intake, 'closed');
      expect(await intake.turn('LOW', 'closed')).toBe(true);
      await reaches(intake, 'closed');
    });
  });
}
