import { describe, expect, it } from 'vitest';
import { daysKept, groundOf, isAccess } from './accounting.ts';
import { standaloneEntry } from './audit-chain.ts';
import type { AuditDraft } from './audit-entry.ts';
import { PURPOSES_OF_USE, type PurposeOfUse } from './purpose-of-use.ts';

const entry = (over: Partial<AuditDraft> = {}) =>
  standaloneEntry(
    {
      at: '2026-11-23T00:00:00.000Z',
      action: 'medications.read',
      outcome: 'success',
      actor: { ref: 'a', role: 'clinician' },
      subjectRef: 'p',
      correlationId: 'c',
      details: {},
      ...over,
    },
    'e',
  );

describe('an access', () => {
  it('is what a person or an application did with the data of one patient', () => {
    expect(isAccess(entry())).toBe(true);
    expect(isAccess(entry({ actor: { ref: 'a', role: 'service' } }))).toBe(true);
  });

  it.each([
    ['what the system does by itself', { actor: { ref: 'system:tick', role: 'system' } }],
    ['a refusal', { outcome: 'refused' }],
    ['what was about no patient', { subjectRef: undefined }],
    ['an unknown caller', { actor: { ref: 'anonymous', role: 'none' } }],
  ] as const)('is not %s', (_name, over) => {
    const { subjectRef, ...rest } = { ...entry(), ...over };
    expect(isAccess({ ...rest, ...(subjectRef !== undefined && { subjectRef }) })).toBe(false);
  });

  it('is kept for six years and more, everything else for thirteen months', () => {
    expect(daysKept(entry())).toBeGreaterThan(6 * 366);
    expect(daysKept(entry({ actor: { ref: 'system:tick', role: 'system' } }))).toBe(396);
  });
});

describe('the ground on which an access is left out of an accounting', () => {
  it.each([
    ['PATRQT', 'to_the_individual'],
    ['PWATRNY', 'to_the_individual'],
    ['FAMRQT', 'involved_in_care'],
    ['TREAT', 'treatment'],
    ['ETREAT', 'treatment'],
    ['CAREMGT', 'treatment'],
    ['HPAYMT', 'payment'],
    ['HOPERAT', 'operations'],
    ['HQUALIMP', 'operations'],
    ['HSYSADMIN', 'operations'],
    ['HRESCH', 'none'],
    ['PUBHLTH', 'none'],
    ['HCOMPL', 'none'],
    ['HLEGAL', 'none'],
  ] as const)('%s: %s', (code, ground) => {
    expect(groundOf({ ref: 'a', role: 'x', purpose: { code, declared: true } })).toBe(ground);
  });

  it('is decided for every purpose, and there is none where no purpose is known', () => {
    for (const code of Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]) // its own keys
      expect(groundOf({ ref: 'a', role: 'x', purpose: { code, declared: false } })).toBeDefined();
    expect(groundOf({ ref: 'a', role: 'x' })).toBe('none');
  });
});
