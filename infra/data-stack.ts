import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { TABLES, type TableName } from '#shared/contract/tables.ts';
import { DrillTables } from './constructs/drill-tables.ts';
import { EncryptionKeys } from './constructs/encryption-keys.ts';
import { JobBuckets } from './constructs/job-buckets.ts';
import { JobTables } from './constructs/job-tables.ts';
import { TableBackups } from './constructs/table-backups.ts';
import { UserPools } from './constructs/user-pools.ts';
import { OUTPUTS, tableOutput } from './outputs.ts';
import type { Stage } from './stages.ts';

export interface DataStackProps extends StackProps {
  readonly stage: Stage;
}

/** Everything that must outlive a deployment: keys, tables, buckets, user pools. */
export class DataStack extends Stack {
  readonly keys: EncryptionKeys;
  readonly tables: JobTables;
  readonly drillTables: DrillTables;
  readonly buckets: JobBuckets;
  readonly pools: UserPools;

  constructor(scope: Construct, id: string, { stage, ...props }: DataStackProps) {
    super(scope, id, props);
    this.keys = new EncryptionKeys(this, 'Keys', stage);
    this.tables = new JobTables(this, 'Tables', { stage, key: this.keys.data });
    this.drillTables = new DrillTables(this, 'Drill', { stage, key: this.keys.data });
    if (!stage.laptop)
      new TableBackups(this, 'TableBackups', {
        key: this.keys.data,
        // Also those of drills: they hold the same when one is under way.
        tables: [...Object.values(this.tables.byName), ...Object.values(this.drillTables.byName)],
      });
    this.buckets = new JobBuckets(this, 'Buckets', { stage, key: this.keys.data });
    this.pools = new UserPools(this, 'Pools', stage);
    this.#outputs();
  }

  #outputs(): void {
    const output = (name: string, value: string) => new CfnOutput(this, name, { value });
    for (const name of Object.keys(TABLES) as TableName[]) // Object.keys forgets the literal type.
      output(tableOutput(name), this.tables.byName[name].tableName);
    output(OUTPUTS.backupBucket, this.buckets.backup.bucketName);
    output(OUTPUTS.resultsBucket, this.buckets.results.bucketName);
    output(OUTPUTS.referenceBucket, this.buckets.reference.bucketName);
    output(OUTPUTS.auditBucket, this.buckets.audit.bucketName);
    output(OUTPUTS.sealKey, this.keys.seal.keyArn);
    output(OUTPUTS.backupKey, this.keys.backup.keyArn);
    output(OUTPUTS.fieldKey, this.keys.fields.keyArn);
    output(OUTPUTS.patientsPoolId, this.pools.patients.pool.userPoolId);
    output(OUTPUTS.patientsClientId, this.pools.patients.client.userPoolClientId);
    output(OUTPUTS.staffPoolId, this.pools.staff.pool.userPoolId);
    output(OUTPUTS.staffClientId, this.pools.staff.client.userPoolClientId);
  }
}
