import { describe, expect, it } from 'vitest';
import type { ProblemError } from '#shared/errors/problem-error.ts';
import type { Caller } from '#shared/evidence/caller.ts';
import { PURPOSES_OF_ROLE, PURPOSES_OF_USE, type PurposeOfUse } from '#shared/evidence/purpose-of-use.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { apiEvent } from '#test/builders/api-event.ts';
import { withDeclaredUse } from './declared-use.ts';

const callerWith = (...roles: readonly Role[]): Caller => ({ subject: 'somebody', roles, careFor: [] });
const use = (caller: Caller, headers: Record<string, string>, isPurposeRequired = false) =>
  withDeclaredUse(apiEvent({ headers }), caller, isPurposeRequired);

function refusal(caller: Caller, headers: Record<string, string>, isPurposeRequired = false): ProblemError {
  try {
    use(caller, headers, isPurposeRequired);
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

describe('where the deployer asks for a purpose', () => {
  it.each(ROLES)('a request of %s without one is refused, and told what it may say', (role) => {
    const { code, problems } = refusal(callerWith(role), {}, true);
    expect(code).toBe('invalid_input');
    expect(problems).toMatchObject([{ pointer: '', code: 'required' }]);
    const named = problems[0]?.detail.match(/[A-Z]{4,}/g) ?? [];
    const allowed = (Object.keys(MAY) as PurposeOfUse[]).filter((purpose) => MAY[purpose].includes(role));
    expect([...named].sort()).toEqual([...allowed].sort());
  });

  it('one with a purpose is taken', () => {
    const caller = use(callerWith('clinician'), { 'X-Purpose-Of-Use': 'TREAT' }, true);
    expect(caller).toMatchObject({ purpose: 'TREAT', roles: ['clinician'] });
  });

  it('a service that acts for somebody is told what services may say', () => {
    const { problems } = refusal(callerWith('analyst', 'service'), { 'X-On-Behalf-Of': 'nurse-7' }, true);
    expect(problems[0]?.detail).not.toContain('HRESCH');
  });

  it('who has no role at all learns nothing of purposes', () => {
    expect(use(callerWith(), {}, true).roles).toEqual([]);
  });
});

describe('a token that names the person behind a service', () => {
  const named = (...roles: readonly Role[]): Caller => ({ ...callerWith(...roles), onBehalfOf: 'nurse-7' });

  it.each(ROLES)('by %s', (role) => {
    if (role === 'service') expect(use(named(role), {})).toEqual(named(role));
    else expect(refusal(named(role), {})).toMatchObject({ code: 'forbidden' });
  });

  it('leaves only the role service, and may be repeated in the header', () => {
    expect(use(named('admin', 'service'), { 'X-On-Behalf-Of': 'nurse-7' })).toEqual(named('service'));
  });

  it('is not contradicted by the header, and not repeated in the answer', () => {
    const problem = refusal(named('service'), { 'X-On-Behalf-Of': 'nurse-8' });
    expect(problem).toMatchObject({ code: 'invalid_input', problems: [{ code: 'contradicts_token' }] });
    expect(JSON.stringify([problem.message, problem.problems])).not.toMatch(/nurse-[78]/);
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
