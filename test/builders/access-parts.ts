import { ROUTES, type RouteName, submitPath } from '#shared/contract/routes.ts';
import { type AccessRule, jobAccess, ROUTE_ACCESS, submitAccess } from '#shared/evidence/access.ts';
import { BREAK_GLASS, BREAK_GLASS_PURPOSE, isOpenUnderBreakGlass } from '#shared/evidence/break-glass.ts';
import { SCOPE_OF_KIND } from '#shared/evidence/caregiver-scopes.ts';
import { KINDS_ABOUT_NOBODY } from '#shared/evidence/kinds-about-nobody.ts';
import { PURPOSES_OF_ROLE, PURPOSES_OF_USE, type PurposeOfUse } from '#shared/evidence/purpose-of-use.ts';
import {
  ACCEPTED_JOB,
  jobMembers,
  type Members,
  membersFor,
  PUBLIC_HEALTH,
} from '#shared/evidence/response-members.ts';
import { RESULT_SIGHT } from '#shared/evidence/result-sight.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES, type Role } from '#shared/lifecycle/role.ts';
import { table } from './document-parts.ts';

// The tables of docs/access.md.

const routeNames = Object.keys(ROUTES) as RouteName[]; // its own keys

const requestOf = (name: RouteName): string => `\`${ROUTES[name].method} ${ROUTES[name].path}\``;

/** Every request: the roles with what each must be to the patient, and who may when it is about nobody. */
export function accessRules(): string {
  const jobs = PUBLIC_KINDS.map(({ name, submitRoles, defaultPriority }) =>
    ruleRow(`POST ${submitPath(name)}`, submitAccess(submitRoles, defaultPriority, name)),
  );
  const others = routeNames.map((name) =>
    ruleRow(`${ROUTES[name].method} ${ROUTES[name].path}`, ROUTE_ACCESS[name]),
  );
  return table(['request', 'about a patient', 'scope of a grant', 'about nobody'], [...jobs, ...others]);
}

function ruleRow(request: string, rule: AccessRule): string[] {
  const ofPatient = ROLES.flatMap((role) => {
    const relationship = rule.ofPatient[role];
    return relationship === undefined ? [] : [`${role} (${WORDS[relationship]})`];
  });
  const caregivers =
    rule.ofPatient.caregiver && (rule.caregiverScope ? `\`${rule.caregiverScope}\`` : 'by kind');
  const scope = rule.careTeamScope ? `\`${rule.careTeamScope}\`` : caregivers;
  const ofNobody = ROLES.flatMap((role) => {
    if (rule.ofNobody.includes(role)) return [isKeptFromKinds(rule, role) ? `${role} (by kind)` : role];
    return rule.ofMaker?.includes(role) ? [`${role} (own)`] : [];
  });
  return [`\`${request}\``, ofPatient.join(', '), scope ?? '', ofNobody.join(', ')];
}

/** Whether a rule about jobs of every kind lets the role in to some of them only. */
const isKeptFromKinds = (rule: AccessRule, role: Role): boolean =>
  JOB_RULES.includes(rule) && KINDS_ABOUT_NOBODY[role] !== undefined;
const JOB_RULES: readonly AccessRule[] = (
  ['listJobs', 'getJob', 'getEvidence', 'getReceipt', 'cancelJob', 'retryJob'] as const
).map((route) => ROUTE_ACCESS[route]);

const WORDS = { self: 'own', cares_for: 'cared for', any: 'any' } as const;

export const jobScopes = (): string =>
  table(
    ['jobs of kind', 'to see', 'to cancel and retry'],
    Object.keys(SCOPE_OF_KIND).map((kind) => [
      `\`${kind}\``,
      `\`${jobAccess('getJob', kind).caregiverScope}\``,
      `\`${jobAccess('cancelJob', kind).caregiverScope}\``,
    ]),
  );

export const sights = (): string =>
  table(
    ['role', 'of a job about a patient', 'of a job about nobody'],
    ROLES.map((role) => [role, `\`${RESULT_SIGHT[role].ofPatient}\``, `\`${RESULT_SIGHT[role].ofNobody}\``]),
  );

/** Every answer: its members, and to whom where roles see different ones. */
export function responseMembers(): string {
  const others = routeNames.flatMap((name) =>
    name === 'getJob' || name === 'listJobs' ? jobRows(name) : routeRows(name),
  );
  return table(
    ['request', 'shown to', 'members'],
    [[`\`POST ${submitPath('<kind>')}\``, 'whoever may', memberText(ACCEPTED_JOB)], ...others],
  );
}

function routeRows(name: RouteName): string[][] {
  const rule: AccessRule = ROUTE_ACCESS[name];
  const allowed = ROLES.filter(
    (role) =>
      rule.ofPatient[role] !== undefined || rule.ofNobody.includes(role) || rule.ofMaker?.includes(role),
  );
  const whole = grouped(allowed.map((role) => [role, memberText(membersFor(name, role))]));
  const rows = name === 'health' ? [['everybody', memberText(PUBLIC_HEALTH)], ...whole] : whole;
  return rows.map(([who = '', text = '']) => [requestOf(name), rows.length > 1 ? who : 'whoever may', text]);
}

/** By what a role sees of the job’s result, see the table of sights. */
function jobRows(name: 'getJob' | 'listJobs'): string[][] {
  const members = (role: Role, isAboutPatient: boolean) =>
    memberText(jobMembers(name, role, isAboutPatient, { patientView: true, analystView: true }));
  const rule: AccessRule = ROUTE_ACCESS[name];
  const seen = [
    ...ROLES.filter((role) => rule.ofPatient[role]).map((role) => [role, members(role, true)]),
    ...rule.ofNobody.map((role) => [`${role} (about nobody)`, members(role, false)]),
  ];
  const list = name === 'listJobs' ? 'each of `jobs`, to ' : '';
  const rows = grouped(seen).map(([who = '', text = '']) => [requestOf(name), `${list}${who}`, text]);
  return name === 'listJobs' ? [...routeRows(name), ...rows] : rows;
}

/** Those who see the same together, in their order. */
function grouped(rows: readonly (readonly string[])[]): string[][] {
  const texts = [...new Set(rows.map(([, text]) => text))];
  return texts.map((text) => [
    rows.flatMap(([who, other]) => (other === text && who !== undefined ? [who] : [])).join(', '),
    text ?? '',
  ]);
}

const memberText = (members: Members): string =>
  Object.entries(members)
    .map(([name, inner]) => (inner === true ? `\`${name}\`` : `\`${name}\` (${memberText(inner)})`))
    .join(' ');

export const purposes = (): string =>
  table(
    ['purpose', 'means', 'may be declared by'],
    (Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]) // its own keys
      .map((purpose) => [
        `\`${purpose}\``,
        PURPOSES_OF_USE[purpose],
        ROLES.filter((role) => PURPOSES_OF_ROLE[role].some((one) => one === purpose)).join(', '),
      ]),
  );

export const defaultPurposes = (): string =>
  table(
    ['role', 'stands for'],
    ROLES.map((role) => [role, `\`${PURPOSES_OF_ROLE[role][0]}\``]),
  );

/** What a grant of emergency access opens. */
export function emergencyAccess(): string {
  const routes = BREAK_GLASS.routes.map((name) => ({
    request: `${ROUTES[name].method} ${ROUTES[name].path}`,
    rule: ROUTE_ACCESS[name] as AccessRule, // each row has members of its own
    opens: name === 'listJobs' ? `with \`X-Purpose-Of-Use: ${BREAK_GLASS_PURPOSE}\`` : 'yes',
  }));
  const kinds = PUBLIC_KINDS.filter((kind) => isOpenUnderBreakGlass({ submits: kind.name })).map((kind) => ({
    request: `POST ${submitPath(kind.name)}`,
    rule: submitAccess(kind.submitRoles, kind.defaultPriority, kind.name),
    opens: 'yes',
  }));
  return table(
    ['request', ...BREAK_GLASS.roles],
    [...routes, ...kinds].map(({ request, rule, opens }) => [
      `\`${request}\``,
      ...BREAK_GLASS.roles.map((role) => (rule.ofPatient[role] === undefined ? 'no' : opens)),
    ]),
  );
}
