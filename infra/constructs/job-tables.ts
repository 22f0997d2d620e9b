import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import {
  INDEXES,
  PARTITION_KEY,
  SORT_KEY,
  TABLES,
  type TableName,
  TTL_ATTRIBUTE,
} from '#shared/contract/tables.ts';
import type { Stage } from '../stages.ts';
import { removalOfProtected } from './removal.ts';

/** The four tables with their indexes, as `shared/contract/tables.ts` names them. */
export class JobTables extends Construct {
  readonly byName: Readonly<Record<TableName, Table>>;

  constructor(scope: Construct, id: string, props: { stage: Stage; key: IKey }) {
    super(scope, id);
    const make = (name: TableName): Table => {
      const table = new Table(this, TABLES[name].logicalId, {
        partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
        sortKey: { name: SORT_KEY, type: AttributeType.STRING },
        timeToLiveAttribute: TTL_ATTRIBUTE,
        billingMode: BillingMode.PAY_PER_REQUEST,
        encryption: TableEncryption.CUSTOMER_MANAGED,
        encryptionKey: props.key,
        pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: props.stage.pointInTimeRecovery },
        deletionProtection: props.stage.deletionProtection,
        removalPolicy: removalOfProtected(props.stage),
        // What each change left is what the change log of backups is made of.
        ...(TABLES[name].streamed && { stream: StreamViewType.NEW_IMAGE }),
      });
      for (const index of Object.values(INDEXES).filter((entry) => entry.table === name))
        table.addGlobalSecondaryIndex({
          indexName: index.name,
          partitionKey: { name: index.partition, type: AttributeType.STRING },
          sortKey: { name: index.sort, type: AttributeType.STRING },
          // Only small rows carry an index's attributes; payloads and results are items of their own.
          projectionType: ProjectionType.ALL,
        });
      return table;
    };
    this.byName = {
      jobs: make('jobs'),
      records: make('records'),
      audit: make('audit'),
      secrets: make('secrets'),
    };
  }
}

/** The tables whose changes are kept, with the streams that tell of them. */
export const streamedTables = ({
  byName,
}: JobTables): readonly (readonly [TableName, { readonly table: Table; readonly streamArn: string }])[] =>
  (Object.keys(TABLES) as TableName[]) // Object.keys forgets the literal type.
    .filter((name) => TABLES[name].streamed)
    .map((name) => [name, { table: byName[name], streamArn: byName[name].tableStreamArn ?? '' }] as const);
