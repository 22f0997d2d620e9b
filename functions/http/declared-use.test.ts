import { describe, expect, it } from 'vitest';
import type { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { PURPOSES_OF_ROLE, PURPOSES_OF_USE, type PurposeOfUse } from '#shared/evidence/purpose-of-use.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { apiEvent } from '#test/builders/api-event.ts';
import { withDeclaredUse } from './declared-use.ts';

const callerWith = (...roles: readonly Role[]): Caller => ({ subject: 'somebody', roles, careFor: [] });
const use = (caller: Caller, headers: Record<string, string>) =>
  withDeclaredUse(apiEvent({ headers }), caller);

function refusal(caller: Caller, headers: Record<string, string>): ProblemError {
  try {
    use(caller, headers);
  } catch (error) {
    return error as ProblemError;
  }
  throw new Error('It was not refused.');
}

/** Who may say what, once more by hand. */
const MAY: Record<PurposeOfUse, readonly Role[]> = {
  TREAT: ['clinician', 'pharmacist', 'service'],
  ETREAT: ['clinician', 'pharmacist'],
  CAREMGT: ['clinician', 'pharmacist', 'service'],
  PATRQT: ['patient', 'service'],
  FAMRQT: ['caregiver', 'service'],
  PWATRNY: ['caregiver'],
  HPAYMT: ['clinician', 'pharmacist', 'service'],
  HOPERAT: ['clinician', 'pharmacist', 'analyst', 'admin', 'service'],
  HQUALIMP: ['clinician', 'pharmacist', 'analyst', 'service'],
  HRESCH: ['analyst'],
  PUBHLTH: ['clinician', 'pharmacist', 'analyst', 'service'],
  HSYSADMIN: ['operator', 'admin'],
  HCOMPL: ['auditor', 'admin'],
  HLEGAL: ['auditor'],
};

describe('X-Purpose-Of-Use', () => {
  const cases = (Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]).flatMap((purpose) =>
    ROLES.map((role) => ({ purpose, role })),
  );

  it.each(cases)('$purpose by $role', ({ purpose, role }) => {
    const headers = { 'x-purpose-of-use': purpose };
    if (MAY[purpose].includes(role))
      expect(use(callerWith(role), headers)).toEqual({ ...callerWith(role), purpose });
    else expect(refusal(callerWith(role), headers)).toMatchObject({ code: 'forbidden' });
  });

  it('leaves only the roles that may act for it', () => {
    const caller = callerWith('patient', 'clinician', 'operator');
    expect(use(caller, { 'X-Purpose-Of-Use': 'TREAT' }).roles).toEqual(['clinician']);
  });

  it.each(['treat', 'MARKETING', 'TREAT, HPAYMT', '', 'toString', 'TREAT '])('refuses %j', (text) => {
    const { code, problems } = refusal(callerWith('clinician'), { 'X-Purpose-Of-Use': text });
    expect(code).toBe('invalid_input');
    expect(problems).toMatchObject([{ code: 'wrong_format' }]);
  });

  it('is sent once', () => {
    const headers = { 'X-Purpose-Of-Use': 'TREAT', 'x-purpose-of-use': 'ETREAT' };
    const event = {
      ...apiEvent({}),
      headers,
      multiValueHeaders: { 'X-Purpose-Of-Use': ['TREAT', 'ETREAT'] },
    };
    expect(() => withDeclaredUse(event, callerWith('clinician'))).toThrow('more than once');
  });

  it('is not needed: each role has a purpose that it stands for', () => {
    expect(use(callerWith('patient'), {})).toEqual(callerWith('patient'));
    for (const role of ROLES) expect(MAY[PURPOSES_OF_ROLE[role][0]]).toContain(role);
  });
});

describe('X-On-Behalf-Of', () => {
  it.each(ROLES)('by %s', (role) => {
    const headers = { 'X-On-Behalf-Of': 'nurse-7' };
    if (role === 'service')
      expect(use(callerWith(role), headers)).toEqual({ ...callerWith(role), onBehalfOf: 'nurse-7' });
    else expect(refusal(callerWith(role), headers)).toMatchObject({ code: 'forbidden' });
  });

  it('leaves only the role service', () => {
    const { roles } = use(callerWith('admin', 'service'), { 'X-On-Behalf-Of': 'nurse-7' });
    expect(roles).toEqual(['service']);
  });

  it.each(['', 'Mary Jones', 'x'.repeat(65), 'a,b'])('refuses %j and does not repeat it', (text) => {
    const problem = refusal(callerWith('service'), { 'X-On-Behalf-Of': text });
    expect(problem).toMatchObject({ code: 'invalid_input', problems: [{ code: 'wrong_format' }] });
    if (text !== '') expect(JSON.stringify([problem.message, problem.problems])).not.toContain(text);
  });
});
