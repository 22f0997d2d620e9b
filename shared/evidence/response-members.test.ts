import { describe, expect, it } from 'vitest';
import type { RouteName } from '../contract/routes.ts';
import { ROLES, type Role } from '../lifecycle/role.ts';
import { type AccessRule, ROUTE_ACCESS } from './access.ts';
import { jobMembers, type Members, membersFor, ROUTE_MEMBERS, shownOf } from './response-members.ts';

/** Whatever tells of a person’s health, written out by hand. */
const TELLING = [
  ...['payload', 'result', 'summary', 'outcome', 'release', 'level', 'user_ref'],
  ...['medications', 'reminders', 'name', 'ingredients', 'acknowledgement', 'caregivers', 'findings'],
];
const VIEWS = { patientView: true, analystView: true };

const namesIn = (members: Members): string[] =>
  Object.entries(members).flatMap(([name, inner]) => [
    name.replace('?', ''),
    ...(inner === true ? [] : namesIn(inner)),
  ]);
const tellingIn = (members: Members) => namesIn(members).filter((name) => TELLING.includes(name));

describe('the table of members', () => {
  it.each(['operator', 'auditor', 'admin', 'analyst'] as const)('tells %s nothing of a patient', (role) => {
    const routes = (Object.keys(ROUTE_MEMBERS) as RouteName[]).filter((route) => {
      const rule: AccessRule = ROUTE_ACCESS[route];
      return rule.ofPatient[role] !== undefined || rule.ofNobody.includes(role);
    });
    expect(routes.flatMap((route) => tellingIn(membersFor(route, role)))).toEqual([]);
    for (const route of ['getJob', 'listJobs'] as const)
      expect(tellingIn(jobMembers(route, role, true, VIEWS))).toEqual([]);
  });

  it('shows nobody a payload', () => {
    const all = ROLES.flatMap((role) => [
      ...Object.keys(ROUTE_MEMBERS).flatMap((route) => namesIn(membersFor(route as RouteName, role))),
      ...[true, false].flatMap((about) => namesIn(jobMembers('getJob', role, about, VIEWS))),
    ]);
    expect(all).not.toContain('payload');
  });

  it('shows results of jobs about nobody to those who run the stack, and to analysts where they have a view', () => {
    const seen = (views: object) =>
      ROLES.filter((role: Role) => tellingIn(jobMembers('getJob', role, false, views)).includes('result'));
    const others = ['patient', 'caregiver', 'clinician', 'pharmacist'];
    expect(seen(VIEWS)).toEqual([...others, 'analyst', 'operator', 'admin', 'service']);
    expect(seen({})).toEqual([...others, 'operator', 'admin', 'service']);
  });
});

it('cuts at every level that has members of its own, and passes no other value', () => {
  const members = { list: { id: true, 'more?': { a: true } }, whole: true } as const;
  const value: unknown = {
    list: [{ id: 1, more: { a: 1, b: 2 }, secret: 1 }, { id: 2, toString: 'x' }, 'text'],
    whole: { any: 'thing' },
    other: 1,
  };
  expect(shownOf(value, members)).toEqual({
    list: [{ id: 1, more: { a: 1 } }, { id: 2 }, undefined],
    whole: { any: 'thing' },
  });
});
