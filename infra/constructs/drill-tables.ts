import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { DRILL_TABLES, DRILL_TTL_ATTRIBUTE, PARTITION_KEY, SORT_KEY } from '#shared/contract/tables.ts';
import type { Stage } from '../stages.ts';
import { removalOfProtected } from './removal.ts';

/**
 * What a drill restores into. Between two drills they are empty and cost nothing; what a drill that died has left there
 * expires. They hold what backups hold, so they are protected like what is backed up.
 */
export class DrillTables extends Construct {
  readonly byName: Readonly<Record<keyof typeof DRILL_TABLES, Table>>;

  constructor(scope: Construct, id: string, props: { stage: Stage; key: IKey }) {
    super(scope, id);
    const make = (name: keyof typeof DRILL_TABLES) =>
      new Table(this, DRILL_TABLES[name].logicalId, {
        partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
        sortKey: { name: SORT_KEY, type: AttributeType.STRING },
        timeToLiveAttribute: DRILL_TTL_ATTRIBUTE,
        billingMode: BillingMode.PAY_PER_REQUEST,
        encryption: TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: props.key,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.stage.pointInTimeRecovery },
        deletionProtection: props.stage.deletionProtection,
        removalPolicy: removalOfProtected(props.stage),
      });
    this.byName = { jobs: make('jobs'), records: make('records') };
  }
}
