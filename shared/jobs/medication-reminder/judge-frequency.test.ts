import { expect, it } from 'vitest';
import { judgeFrequency } from './judge-frequency.ts';

const daily = { frequency: 'QD', times: ['08:00'], time_zone: 'UTC', start_date: '2026-03-01' };
const stored = { userId: 'p1', medicationId: 'm1', name: 'lisinopril 10 mg tablet' };
const judged = (medication_name?: string) =>
  judgeFrequency({
    schedule: { ...daily, ...(medication_name !== undefined && { medication_name }) },
    medication: stored,
    overrideReason: undefined,
    role: 'patient',
  });

it('a name that is known and passes does not vouch for another one that nobody can resolve', () => {
  expect(judged()).toEqual({ ok: true, highAlert: 'passed' });
  expect(judged('MTX 2.5 mg tab')).toEqual({ ok: true, highAlert: 'not_checked' });
});
