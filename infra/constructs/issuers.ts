import type { IssuerConfig } from '#shared/contract/issuers.ts';
import { ROLES } from '#shared/lifecycle/role.ts';
import type { Stage } from '../stages.ts';
import type { UserPools } from './user-pools.ts';

/** The client whose tokens a laptop's stack accepts. */
export const LAPTOP_CLIENT = 'medication-jobs-laptop';

/**
 * Whose tokens are accepted: on AWS those of the two user pools and of the deployer's issuers; on a laptop those of
 * the laptop's own issuer, for every role.
 */
export function acceptedIssuers(
  stage: Stage,
  pools: UserPools,
  extra: readonly IssuerConfig[],
): readonly IssuerConfig[] {
  if (!stage.laptopSettings) return [...pools.issuers(), ...extra];
  const issuer = `http://127.0.0.1:${stage.laptopSettings.frontPort}/issuer`;
  return [
    {
      issuer,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      clients: [LAPTOP_CLIENT],
      tokenUse: 'access',
      groupsClaim: 'cognito:groups',
      roles: ROLES,
    },
    ...extra,
  ];
}
