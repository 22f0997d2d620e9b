import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, BackupResource, BackupVault } from 'aws-cdk-lib/aws-backup';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

/**
 * As long as point-in-time recovery reaches back, and no longer: a secret that was destroyed to make a person's data
 * unreadable must be gone from every backup of ours after that time.
 */
const KEPT_DAYS = 35;

/** UTC; an hour in which neither the product's own backup nor a roll-up runs. */
const DAILY = Schedule.cron({ minute: '30', hour: '4' });

/**
 * AWS's own backups of whole tables, each day, in a vault apart from the tables: they outlive a table that somebody deletes,
 * which point-in-time recovery and the product's backup of its contents are not made for.
 */
export class TableBackups extends Construct {
  constructor(scope: Construct, id: string, props: { key: IKey; tables: readonly Table[] }) {
    super(scope, id);
    const { key, tables } = props;
    const vault = new BackupVault(this, 'Vault', {
      encryptionKey: key,
      // A vault with something in it cannot be deleted: it stays, under a generated name, and empties itself.
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const plan = new BackupPlan(this, 'Plan', {
      backupVault: vault,
      backupPlanRules: [
        new BackupPlanRule({
          ruleName: 'daily',
          scheduleExpression: DAILY,
          deleteAfter: Duration.days(KEPT_DAYS),
        }),
      ],
    });
    plan.addSelection('Tables', {
      resources: tables.map((table) => BackupResource.fromDynamoDbTable(table)),
      role: this.#role(tables, vault, key),
      disableDefaultBackupPolicy: true,
    });
  }

  /** What AWS's policy for backups says of DynamoDB, for these tables only. */
  #role(tables: readonly Table[], vault: BackupVault, key: IKey): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('backup.amazonaws.com') });
    const allow = (actions: string[], resources: string[], conditions = {}) =>
      new PolicyStatement({ actions, resources, conditions });
    const arns = tables.map(({ tableArn }) => tableArn);
    new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [
        allow(
          [
            'dynamodb:DescribeTable',
            'dynamodb:CreateBackup',
            'dynamodb:StartAwsBackupJob',
            'dynamodb:ListTagsOfResource',
          ],
          arns,
        ),
        allow(
          ['dynamodb:DescribeBackup', 'dynamodb:DeleteBackup'],
          arns.map((arn) => `${arn}/backup/*`),
        ),
        allow(['backup:DescribeBackupVault', 'backup:CopyIntoBackupVault'], [vault.backupVaultArn]),
        allow(['kms:DescribeKey'], [key.keyArn]),
        allow(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], {
          StringEquals: { 'kms:ViaService': `dynamodb.${Stack.of(this).region}.amazonaws.com` },
        }),
        allow(['kms:CreateGrant'], [key.keyArn], { Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
      ],
    });
    for (const table of tables)
      acknowledge(this, {
        [`AwsSolutions-IAM5[Resource::<${Stack.of(this).getLogicalId(table.node.defaultChild as never)}.Arn>/backup/*]`]:
          'Backups are named by DynamoDB when they are made; the table whose backups they are is named exactly.',
      });
    return role;
  }
}
