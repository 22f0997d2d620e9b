import { ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

/** The key of seals is in another stack than the function that signs, and its policy knows that function by this name. */
export const sealRoleName = ({ name }: Pick<Stage, 'name'>): string => `medication-jobs-${name}-audit-seal`;

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
