import { describe, expect, it } from 'vitest';
import { type Consent, caregiversAt, ESCALATION_SCOPE, scopesAt } from './caregiver-consent.ts';

const NOW = '2027-03-01T13:00:00.000Z';
const consent: Consent = {
  caregiverId: 'daughter',
  scopes: ['see_reminders', ESCALATION_SCOPE],
  consentedAt: '2027-01-01T00:00:00.000Z',
  start: '2027-02-01T00:00:00.000Z',
};
const of = (...more: Partial<Consent>[]) =>
  caregiversAt(
    more.map((one) => ({ ...consent, ...one })),
    ESCALATION_SCOPE,
    NOW,
  );

describe('caregiversAt', () => {
  it('names whose consent holds, each once', () => {
    expect(of({}, { caregiverId: 'son' }, { scopes: [ESCALATION_SCOPE] })).toEqual(['daughter', 'son']);
  });

  it.each<Partial<Consent>>([
    { scopes: ['see_reminders'] },
    { consentedAt: '2027-03-01T13:00:00.001Z' },
    { start: '2027-03-01T13:00:00.001Z' },
    { end: NOW },
    { revokedAt: '2027-02-28T00:00:00.000Z' },
    // A revocation is an act, not an appointment: whatever its time says, nothing is told any more.
    { revokedAt: '2027-03-02T00:00:00.000Z' },
  ])('passes over %j', (lacking) => {
    expect(of(lacking)).toEqual([]);
  });

  it.each<Partial<Consent>>([{ start: NOW }, { consentedAt: NOW }, { end: '2027-03-01T13:00:00.001Z' }])(
    'takes %j to the millisecond',
    (edge) => {
      expect(of(edge)).toEqual(['daughter']);
    },
  );
});

describe('scopesAt', () => {
  const scopes = (...more: Partial<Consent>[]) =>
    scopesAt(
      more.map((one) => ({ ...consent, ...one })),
      'daughter',
      NOW,
    );

  it('are those of all grants of that caregiver that hold', () => {
    expect(scopes({}, { scopes: ['see_supply'] }, { caregiverId: 'son', scopes: ['x'] })).toEqual(
      new Set(['see_reminders', ESCALATION_SCOPE, 'see_supply']),
    );
  });

  it.each<Partial<Consent>>([
    { start: '2027-03-01T13:00:00.001Z' },
    { end: NOW },
    { revokedAt: '2027-02-28T00:00:00.000Z' },
  ])('are none while the grant does not hold: %j', (over) => {
    expect(scopes(over)).toEqual(new Set());
  });

  it('are not known of whom the patient has never given anything', () => {
    expect(scopes({ caregiverId: 'son' })).toBeUndefined();
    expect(scopes()).toBeUndefined();
  });
});
