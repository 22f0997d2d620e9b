import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { functionId } from '../outputs.ts';
import type { Stage } from '../stages.ts';

/** Functions that sign, by the key with which they alone do it. */
export const SIGNERS = { seal: functionId('audit-seal'), backup: functionId('worker', 'LOW') } as const;

/** Signing keys are in another stack than the functions that sign, and their policies know these by the names of their roles. */
export const signerRoleName = ({ name }: Pick<Stage, 'name'>, signer: string): string =>
  `medication-jobs-${name}-${signer}`;

/**
 * The role of one function. What it may do stands in one managed policy, attached to nothing else: IAM keeps its earlier
 * versions, and shows in one place who has it. A managed policy holds up to 6,144 characters.
 */
export class FunctionRole extends Role {
  readonly #policy: ManagedPolicy;

  /** @param roleName for a role that a policy elsewhere names; CloudFormation chooses one for all others */
  constructor(scope: Construct, id: string, roleName?: string) {
    super(scope, id, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(roleName !== undefined && { roleName }),
    });
    this.#policy = new ManagedPolicy(this, 'Policy', { roles: [this] });
  }

  override addToPrincipalPolicy(statement: PolicyStatement) {
    this.#policy.addStatements(statement);
    return { statementAdded: true, policyDependable: this.#policy };
  }
}
