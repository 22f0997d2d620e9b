import { Duration, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { IssuerConfig } from '#shared/contract/issuers.ts';
import type { Role } from '#shared/lifecycle/role.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Stage } from '../stages.ts';
import { removalOfProtected } from './removal.ts';

/** Roles that each pool may vouch for. Tokens of machines (`service`) come from an issuer of the deployer's. */
export const POOL_ROLES = {
  patients: ['patient', 'caregiver'],
  staff: ['clinician', 'pharmacist', 'analyst', 'operator', 'auditor', 'admin'],
} as const satisfies Record<string, readonly Role[]>;

export const ACCESS_TOKEN_MINUTES = 15;

/** Two pools, because Cognito sets multi-factor authentication per pool: staff must, patients may. */
export class UserPools extends Construct {
  readonly patients: PoolWithClient;
  readonly staff: PoolWithClient;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.patients = new PoolWithClient(this, 'Patients', {
      stage,
      roles: POOL_ROLES.patients,
      mfa: Mfa.OPTIONAL,
    });
    this.staff = new PoolWithClient(this, 'Staff', { stage, roles: POOL_ROLES.staff, mfa: Mfa.REQUIRED });
    acknowledge(this.patients, {
      'AwsSolutions-COG2':
        'Patients may switch a second factor on; a reminder must also reach those who own one device only. Staff must have one.',
    });
  }

  /** Both pools as accepted issuers. */
  issuers(): readonly IssuerConfig[] {
    return [this.patients.issuer(POOL_ROLES.patients), this.staff.issuer(POOL_ROLES.staff)];
  }
}

class PoolWithClient extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, props: { stage: Stage; roles: readonly Role[]; mfa: Mfa }) {
    super(scope, id);
    this.pool = new UserPool(this, 'Pool', {
      // Accounts are made by the deployer's own registration; a stranger can make none.
      selfSignUpEnabled: false,
      signInAliases: { username: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      autoVerify: { email: true },
      mfa: props.mfa,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: props.stage.deletionProtection,
      removalPolicy: removalOfProtected(props.stage),
    });
    for (const role of props.roles)
      new CfnUserPoolGroup(this, role, { userPoolId: this.pool.userPoolId, groupName: role });
    this.client = this.pool.addClient('Application', {
      authFlows: { userSrp: true },
      disableOAuth: true,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.minutes(ACCESS_TOKEN_MINUTES),
      idTokenValidity: Duration.minutes(ACCESS_TOKEN_MINUTES),
      refreshTokenValidity: Duration.hours(12),
    });
  }

  issuer(roles: readonly Role[]): IssuerConfig {
    const issuer = `https://cognito-idp.${Stack.of(this).region}.amazonaws.com/${this.pool.userPoolId}`;
    return {
      issuer,
      jwksUri: `${issuer}/.well-known/jwks.json`,
      clients: [this.client.userPoolClientId],
      tokenUse: 'access',
      groupsClaim: 'cognito:groups',
      roles,
    };
  }
}
