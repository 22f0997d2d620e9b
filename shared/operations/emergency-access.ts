import type { AccessRule } from '../evidence/access.ts';
import {
  BREAK_GLASS,
  BREAK_GLASS_PURPOSE,
  type Deed,
  isForEmergencies,
  isLive,
  isOpenUnderBreakGlass,
} from '../evidence/break-glass.ts';
import type { Caller } from '../evidence/caller.ts';
import type { Ref } from '../jobs/ports.ts';
import type { Instant } from '../lifecycle/instant.ts';
import type { Role } from '../lifecycle/role.ts';
import type { BreakGlassGrant } from './break-glass-ports.ts';
import type { Engine } from './engine.ts';

/** The role in which a grant lets somebody in, and the caller as evidence names them from then on: with the grant. */
export interface UnderGrant {
  readonly role: Role;
  readonly caller: Caller;
}

type Deps = Pick<Engine, 'refs'> & { readonly emergencyGrants?: Engine['emergencyGrants'] };

/**
 * Emergency access, for what the table has refused. It is asked for last, so a request whose relationship holds costs no
 * read; and only of those for whom a grant could count: the deed, the role, the purpose. Without grants at hand there is none.
 */
export async function underGrant(
  deps: Deps,
  rule: AccessRule,
  caller: Caller,
  { deed, userRef, now }: { readonly deed: Deed; readonly userRef: Ref; readonly now: Instant },
): Promise<UnderGrant | undefined> {
  const roles = rolesUnder(rule, caller);
  const asks = isOpenUnderBreakGlass(deed) && isForEmergencies(caller) && roles.length > 0;
  if (!asks || !deps.emergencyGrants) return undefined;
  const grant = await deps.emergencyGrants.newest(deps.refs.actor(caller.subject), userRef);
  return grant && counts(grant, roles, now)
    ? { role: grant.role, caller: { ...caller, breakGlass: grant.grantId } }
    : undefined;
}

/**
 * The grants whose patients a list covers beside those whom the caller cares for. A list names no patient, so it says that
 * it is an emergency: by the purpose. Every other list costs no read.
 * @param others patients of whom the list tells anyhow
 */
export async function grantsToList(
  deps: Deps,
  rule: AccessRule,
  caller: Caller,
  others: readonly Ref[],
  now: Instant,
): Promise<readonly BreakGlassGrant[]> {
  const roles = rolesUnder(rule, caller);
  const asks = caller.purpose === BREAK_GLASS_PURPOSE && roles.length > 0;
  if (!asks || !deps.emergencyGrants) return [];
  const grants = await deps.emergencyGrants.unexpired(deps.refs.actor(caller.subject), now);
  return grants.filter((grant) => counts(grant, roles, now) && !others.includes(grant.userRef));
}

const counts = (grant: BreakGlassGrant, roles: readonly Role[], now: Instant): boolean =>
  isLive(grant, now) && roles.includes(grant.role);

const rolesUnder = (rule: AccessRule, caller: Caller): readonly Role[] =>
  BREAK_GLASS.roles.filter((role) => caller.roles.includes(role) && rule.ofPatient[role] !== undefined);
