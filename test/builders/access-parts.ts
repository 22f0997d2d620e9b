import { ROUTES, submitPath } from '#shared/contract/routes.ts';
import { type AccessRule, jobAccess, ROUTE_ACCESS, submitAccess } from '#shared/evidence/access.ts';
import { BREAK_GLASS, BREAK_GLASS_PURPOSE, isOpenUnderBreakGlass } from '#shared/evidence/break-glass.ts';
import { SCOPE_OF_KIND } from '#shared/evidence/caregiver-scopes.ts';
import { PURPOSES_OF_ROLE, PURPOSES_OF_USE, type PurposeOfUse } from '#shared/evidence/purpose-of-use.ts';
import { RESULT_SIGHT } from '#shared/evidence/result-sight.ts';
import { PUBLIC_KINDS } from '#shared/jobs/registry.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import { table } from './document-parts.ts';

// The tables of docs/access.md.

/** Every request: the roles with what each must be to the patient, and who may when it is about nobody. */
export function accessRules(): string {
  const jobs = PUBLIC_KINDS.map(({ name, submitRoles, defaultPriority }) =>
    ruleRow(`POST ${submitPath(name)}`, submitAccess(submitRoles, defaultPriority, name)),
  );
  const others = (Object.keys(ROUTES) as (keyof typeof ROUTES)[]) // its own keys
    .map((name) => ruleRow(`${ROUTES[name].method} ${ROUTES[name].path}`, ROUTE_ACCESS[name]));
  return table(
    ['request', 'about a patient', 'scope of a caregiver’s grant', 'about nobody'],
    [...jobs, ...others],
  );
}

function ruleRow(request: string, rule: AccessRule): string[] {
  const ofPatient = ROLES.flatMap((role) => {
    const relationship = rule.ofPatient[role];
    return relationship === undefined ? [] : [`${role} (${WORDS[relationship]})`];
  });
  const scope = rule.ofPatient.caregiver && (rule.caregiverScope ? `\`${rule.caregiverScope}\`` : 'by kind');
  const ofNobody = ROLES.filter((role) => rule.ofNobody.includes(role));
  return [`\`${request}\``, ofPatient.join(', '), scope ?? '', ofNobody.join(', ')];
}

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
